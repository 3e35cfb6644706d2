#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/annotation/outlined.h"

namespace unet {

// COCO's JSON, one file for all images: `images`, `annotations`, `categories`.

/// The images of a file with their annotations: polygons, run lengths as lists and as the packed
/// text of pycocotools. The category is the class; crowds take no part. Throws
/// Error(corrupt_file) for what is no COCO file, and for an annotation of an image or a
/// category that the file does not list.
std::vector<AnnotatedImage> read_coco(const std::filesystem::path& path,
                                      const nlohmann::json& file);

/// An image with its objects, to be written.
struct CocoImage {
    std::string image;  ///< file name
    Size3 size;
    std::vector<OutlinedObject> objects;
};

/// The file for images of one slice. Objects are written as packed run lengths, since COCO's
/// polygons have no holes. Throws Error(unsupported) for stacks.
std::string coco_of(const std::vector<CocoImage>& images);

/// The packed text of pycocotools: differences to the count before the last one, six bits a
/// character. Throws Error(corrupt_file).
std::vector<std::int64_t> unpacked_counts(const std::string& text, const std::string& where);
std::string packed_counts(const std::vector<std::int64_t>& counts);

}  // namespace unet
