#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/annotation/outlined.h"

namespace unet {

// GeoJSON as QuPath exports and opens it: coordinates [x, y] in pixels, of the corners of pixels.

/// The content of a file: a FeatureCollection, a list of features, one feature, or geometries by
/// themselves. Polygon and MultiPolygon, with holes; those of a GeometryCollection are one object,
/// whose spikes (lines) are counted. `properties.classification` (a name, or an object with one or
/// several) is the class, `properties.name` the name, `geometry.plane` the slice,
/// `nucleusGeometry` a cell's nucleus. Other geometries have no area and are counted; null, or none
/// at all, is an annotation without an outline. Throws Error(corrupt_file) for what is no GeoJSON.
AnnotatedImage read_geojson(const std::filesystem::path& path, const nlohmann::json& file);

/// A feature for each object. Slices are named only where the labels are a stack.
std::string geojson_of(const std::vector<OutlinedObject>& objects);

}  // namespace unet
