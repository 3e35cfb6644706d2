#include "unet/annotation/geojson.h"

#include <nlohmann/json.hpp>

#include "unet/annotation/json_file.h"
#include "unet/core/error.h"

namespace unet {
namespace {

/// GeoJSON repeats the first corner at the end.
std::string json_of(const Ring& ring) {
    std::string text;
    for (const PixelCorner& corner : ring) text += fmt::format("[{},{}],", corner.x, corner.y);
    return fmt::format("[{}[{},{}]]", text, ring.front().x, ring.front().y);
}

std::string json_of(const Polygon& polygon) {
    std::string text;
    for (const Ring& ring : polygon.rings)
        text += fmt::format("{}{}", text.empty() ? "" : ",", json_of(ring));
    return fmt::format("[{}]", text);
}

std::string json_of(const OutlinedObject& object) {
    const std::vector<Polygon>& pieces = object.outline.pieces;
    std::string coordinates;
    for (const Polygon& piece : pieces)
        coordinates += fmt::format("{}{}", coordinates.empty() ? "" : ",", json_of(piece));
    const bool several = pieces.size() > 1;
    const std::string plane =
        object.slice < 0 ? "" : fmt::format(R"(,"plane":{{"c":-1,"z":{},"t":0}})", object.slice);
    const std::string classification =
        object.class_name.empty()
            ? ""
            : fmt::format(R"(,"classification":{{"name":{}}})", Json(object.class_name).dump());
    return fmt::format(R"({{"type":"Feature","geometry":{{"type":"{}","coordinates":{}{}{}{}}},)"
                       R"("properties":{{"objectType":"annotation","name":"{}"{}}}}})",
                       several ? "MultiPolygon" : "Polygon", several ? "[" : "", coordinates,
                       several ? "]" : "", plane, object.name, classification);
}

std::vector<Curve> piece_of(const Json& rings, const std::string& where) {
    if (!rings.is_array())
        fail(ErrorCode::corrupt_file, "{}: coordinates: expected a list of rings", where);
    std::vector<Curve> piece;
    for (const Json& ring : rings) {
        if (!ring.is_array())
            fail(ErrorCode::corrupt_file, "{}: coordinates: expected a list of points", where);
        Curve curve;
        for (const Json& pair : ring) curve.push_back(point_of(pair, where));
        if (curve.size() > 1 && curve.front() == curve.back()) curve.pop_back();
        piece.push_back(std::move(curve));
    }
    return piece;
}

std::string class_of(const Json& properties) {
    if (!properties.is_object()) return {};
    const auto found = properties.find("classification");
    if (found != properties.end() && found->is_object()) return text_of(*found, "name");
    return text_of(properties, "classification");
}

void read_feature(const Json& feature, const std::string& where, AnnotatedImage& result) {
    const Json& geometry = entry_of(feature, "geometry", where);
    if (geometry.is_null()) {
        result.annotations.emplace_back().where = where;
        return;
    }
    const std::string type = text_of(geometry, "type");
    if (type != "Polygon" && type != "MultiPolygon") {
        if (type.empty())
            fail(ErrorCode::corrupt_file,
                 "{}: geometry: found no 'type', expected Polygon or "
                 "MultiPolygon",
                 where);
        ++result.without_area;
        return;
    }
    Annotation annotation;
    annotation.where = where;
    const Json& coordinates = list_of(geometry, "coordinates", where);
    if (type == "Polygon")
        annotation.pieces.push_back(piece_of(coordinates, where));
    else
        for (const Json& rings : coordinates) annotation.pieces.push_back(piece_of(rings, where));
    const auto plane = geometry.find("plane");
    if (plane != geometry.end() && plane->is_object()) {
        annotation.place.z = whole_of(*plane, "z", 0, -1, where);
        annotation.place.t = whole_of(*plane, "t", 0, -1, where);
    }
    const auto properties = feature.find("properties");
    if (properties != feature.end()) {
        annotation.class_name = class_of(*properties);
        annotation.name = text_of(*properties, "name");
    }
    result.annotations.push_back(std::move(annotation));
}

}  // namespace

AnnotatedImage read_geojson(const std::filesystem::path& path, const Json& file) {
    const std::string where = path.string();
    AnnotatedImage result;
    result.file = path;
    if (file.is_object() && text_of(file, "type") == "Feature") {
        read_feature(file, where, result);
        return result;
    }
    if (!file.is_array() && text_of(file, "type") != "FeatureCollection")
        fail(ErrorCode::corrupt_file,
             "{}: found other JSON, expected GeoJSON: an object of the type FeatureCollection, as "
             "QuPath exports it",
             where);
    std::size_t number = 0;
    for (const Json& feature : file.is_array() ? file : list_of(file, "features", where))
        read_feature(feature, fmt::format("{}: feature {}", where, ++number), result);
    return result;
}

std::string geojson_of(const std::vector<OutlinedObject>& objects) {
    std::string text;
    for (const OutlinedObject& object : objects)
        text += fmt::format("{}{}", text.empty() ? "" : ",\n", json_of(object));
    return fmt::format("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", text);
}

}  // namespace unet
