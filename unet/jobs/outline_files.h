#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Outlines of objects as QuPath opens them (GeoJSON): `unet measure --geojson`. A feature for each
/// object of each slice, its number for a name.
class OutlineFiles {
public:
    /// `slices`: numbers of the slices; empty for a single image.
    void add(const std::string& stem, const LabelMap& labels,
             const std::vector<std::int64_t>& slices);
    /// Into a file that ends in .geojson, or into a folder as NAME.geojson. Nothing appears under
    /// its name before it is complete.
    void write(const std::filesystem::path& target) const;

private:
    std::vector<std::pair<std::string, std::string>> texts_;  ///< by stem
};

/// Throws Error(invalid_argument) for one file of several label maps, and for a file that is a
/// folder or a folder that is a file.
void check_outline_name(const std::filesystem::path& target, std::size_t maps);

}  // namespace unet
