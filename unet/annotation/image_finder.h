#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"

namespace unet {

/// Finds the image that annotations are of.
class ImageFinder {
public:
    /// `images`: a folder, or the one image of the one annotation file; empty: beside each
    /// annotation file, or in a folder images/ there. Throws Error(io) for what is not there.
    explicit ImageFinder(const std::filesystem::path& images);

    /// By the name that the annotations say (as file_named() finds it, then by its last part and
    /// its stem), then by `names`, else by `names` or the name of their file: a.geojson,
    /// a.tif.geojson, a.zip, a_RoiSet.zip and RoiSet.zip where there is one image only. Throws
    /// Error(io) naming where it looked.
    std::filesystem::path find(const AnnotatedImage& annotated);
    /// The image named `stem` for a mask.
    std::filesystem::path find(const std::filesystem::path& mask, const std::string& stem);

private:
    bool is_one_image() const;
    /// By stem, as comparable_name() has it.
    using Names = std::map<std::string, std::vector<std::filesystem::path>>;
    const Names& names_in(const std::filesystem::path& folder);
    std::vector<std::filesystem::path> named(const std::filesystem::path& folder,
                                             const std::string& stem);
    std::optional<std::filesystem::path> found_in(const std::vector<std::filesystem::path>& folders,
                                                  const std::vector<std::string>& names,
                                                  const std::filesystem::path& annotation);
    std::filesystem::path find_in(const std::vector<std::filesystem::path>& folders,
                                  const std::vector<std::string>& names,
                                  const std::filesystem::path& annotation);
    std::vector<std::filesystem::path> folders_of(const std::filesystem::path& annotation) const;

    std::filesystem::path images_;
    std::map<std::filesystem::path, Names> known_;
};

}  // namespace unet
