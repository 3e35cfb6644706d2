#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "unet/annotation/annotation.h"

namespace unet {

/// In what annotations come and go. The last three are images: label maps named as Cellpose does,
/// classes in colours, label maps.
enum class AnnotationFormat { detect, imagej, geojson, labelme, coco, cellpose, colours, tiff };

/// True for names that end in .zip, .roi, .geojson or .json, in any case, but for what systems put
/// beside files (is_of_system).
bool is_annotation_file(const std::filesystem::path& path);

/// What the file says, image by image (COCO and archives have several in one file). With `detect`
/// the name and, for JSON, the content decide. A zip archive holds the regions of ImageJ of one
/// image, or where it has none files of JSON; what systems put into it is passed over, other files
/// are counted.
/// Throws Error as read_zip, read_roi, json_of, read_geojson, read_labelme, read_coco, and
/// Error(unsupported) for other JSON.
std::vector<AnnotatedImage> read_annotations(const std::filesystem::path& path,
                                             AnnotationFormat format);
/// The same; nothing for JSON of another kind.
std::optional<std::vector<AnnotatedImage>> annotations_in(const std::filesystem::path& path,
                                                          AnnotationFormat format);

}  // namespace unet
