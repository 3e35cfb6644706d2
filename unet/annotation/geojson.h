#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/annotation/outlined.h"

namespace unet {

// GeoJSON as QuPath exports and opens it: coordinates [x, y] in pixels, of the corners of pixels.

/// The content of a file: a FeatureCollection, a list of features or one feature. Polygon and
/// MultiPolygon, with holes; `properties.classification` (a name, or an object with one) is the
/// class, `properties.name` the name, `geometry.plane` the slice. Other geometries have no area and
/// are counted; null is an annotation without an outline. Throws Error(corrupt_file) for what is no
/// GeoJSON.
AnnotatedImage read_geojson(const std::filesystem::path& path, const nlohmann::json& file);

/// A feature for each object. Slices are named only where the labels are a stack.
std::string geojson_of(const std::vector<OutlinedObject>& objects);

}  // namespace unet
