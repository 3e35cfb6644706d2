#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/annotation/outlined.h"

namespace unet {

// LabelMe's JSON, a file for each image: `shapes` of points [x, y] in pixels.

/// Polygons, rectangles (turned ones too, "rotation") and circles; shapes of one `label` and one
/// `group_id` are one object in several pieces. `label` is the class, `description` the name.
/// Points and lines have no area and are counted. Throws Error: corrupt_file for what is no LabelMe
/// file; unsupported for a shape of another type, masks among them.
AnnotatedImage read_labelme(const std::filesystem::path& path, const nlohmann::json& file);

/// The file for an image named `image` of `height` x `width`. LabelMe knows no holes: a hole is
/// reached by a line that goes in and comes back the same way, which covers no pixel. The class (or
/// "object") is the label, the name the description; pieces of one object have its number for a
/// group.
std::string labelme_of(const std::vector<OutlinedObject>& objects, const std::string& image,
                       std::int64_t height, std::int64_t width);

}  // namespace unet
