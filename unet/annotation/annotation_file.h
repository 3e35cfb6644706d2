#pragma once

#include <filesystem>
#include <vector>

#include "unet/annotation/annotation.h"

namespace unet {

/// In what annotations come and go. The last three are images: label maps named as Cellpose does,
/// classes in colours, label maps.
enum class AnnotationFormat { detect, imagej, geojson, labelme, coco, cellpose, colours, tiff };

/// True for names that end in .zip, .roi, .geojson or .json and do not begin with a point.
bool is_annotation_file(const std::filesystem::path& path);

/// What the file says, image by image (only COCO has several in one file). With `detect` the name
/// and, for JSON, the content decide. Throws Error as read_rois, read_json, read_geojson,
/// read_labelme, read_coco, and Error(unsupported) for other JSON.
std::vector<AnnotatedImage> read_annotations(const std::filesystem::path& path,
                                             AnnotationFormat format);

}  // namespace unet
