#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// The objects of one label map.
struct MeasuredMap {
    std::string image;  ///< what the table calls it
    std::vector<ObjectMeasurements> objects;
    Spacing spacing;
    std::int64_t channels = 0;         ///< of the image; 0 without one
    std::vector<std::int64_t> slices;  ///< numbers of the slices; empty for a single picture
};

/// A row for each object as a spreadsheet reads it (CSV): `unet measure --out FILE.csv`. Columns
/// that some of the maps do not have (a unit, a channel, a slice) are empty there.
class MeasureTable {
public:
    void add(MeasuredMap map);
    bool empty() const { return maps_.empty(); }

    /// Writes the whole table under a temporary name and renames it.
    void write(const std::filesystem::path& path) const;

private:
    struct Layout;
    Layout layout() const;
    /// That of all maps, micrometres where they differ; empty where none knows its spacing.
    std::string unit() const;

    std::vector<MeasuredMap> maps_;
};

}  // namespace unet::cli
