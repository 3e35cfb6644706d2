#include "unet/annotation/geojson.h"

#include <nlohmann/json.hpp>

#include "unet/annotation/json_file.h"
#include "unet/core/error.h"
#include "unet/core/text/json.h"

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
            : fmt::format(R"(,"classification":{{"name":{}}})", json_text(Json(object.class_name)));
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
    if (found == properties.end() || !found->is_object())
        return text_of(properties, "classification");
    const auto names = found->find("names");
    if (names == found->end() || !names->is_array()) return text_of(*found, "name");
    std::string text;  // "Tumor: Positive", as QuPath shows it
    for (const Json& name : *names)
        if (name.is_string()) text += (text.empty() ? "" : ": ") + name.get<std::string>();
    return text;
}

void read_plane(const Json& geometry, const std::string& where, StackPlace& place) {
    const auto plane = geometry.find("plane");
    if (plane == geometry.end() || !plane->is_object()) return;
    place.z = whole_of(*plane, "z", 0, -1, where);
    place.t = whole_of(*plane, "t", 0, -1, where);
}

/// The type of a geometry; of one that does not say it what its lists of lists are.
std::string type_of(const Json& geometry, const std::string& where) {
    const auto coordinates = geometry.is_object() ? geometry.find("coordinates") : geometry.end();
    if (!geometry.is_object() || geometry.contains("type") || coordinates == geometry.end()) {
        entry_of(geometry, "type", where);
        return text_of(geometry, "type");
    }
    int depth = 0;
    for (const Json* inner = &*coordinates; inner->is_array() && !inner->empty() && depth < 5;
         inner = &inner->front())
        ++depth;
    constexpr const char* types[] = {"", "Point", "LineString", "Polygon", "MultiPolygon", ""};
    return types[depth];
}

/// What of a geometry has an area; the rest is counted.
struct Shape {
    std::vector<std::vector<Curve>> pieces;
    std::int64_t without_area = 0;
    StackPlace place;
};

void read_geometry(const Json& geometry, const std::string& where, Shape& shape) {
    if (geometry.is_null()) return;
    const std::string type = type_of(geometry, where + ": geometry");
    read_plane(geometry, where, shape.place);
    if (type == "Polygon") {
        shape.pieces.push_back(piece_of(list_of(geometry, "coordinates", where), where));
    } else if (type == "MultiPolygon") {
        for (const Json& rings : list_of(geometry, "coordinates", where))
            shape.pieces.push_back(piece_of(rings, where));
    } else if (type == "GeometryCollection") {
        for (const Json& part : list_of(geometry, "geometries", where))
            read_geometry(part, where, shape);
    } else if (type.ends_with("Point") || type.ends_with("LineString")) {  // Multi... too
        ++shape.without_area;
    } else {
        fail(ErrorCode::unsupported,
             "{}: found a geometry of the type '{}', expected Polygon, MultiPolygon or "
             "GeometryCollection, or points and lines, which have no area",
             where, type);
    }
}

void read_feature(const Json& feature, const std::string& where, AnnotatedImage& result) {
    Shape shape, nucleus;
    read_geometry(entry_or_null(feature, "geometry", where), where, shape);
    if (shape.without_area > 0) result.left_out[LeftOut::no_area] += shape.without_area;
    if (shape.pieces.empty() && shape.without_area > 0) return;
    read_geometry(entry_or_null(feature, "nucleusGeometry", where), where + ": nucleus", nucleus);
    Annotation annotation;
    annotation.where = where;
    annotation.pieces = std::move(shape.pieces);
    annotation.nucleus = std::move(nucleus.pieces);
    annotation.place = shape.place;
    const auto properties = feature.find("properties");
    if (properties != feature.end()) {
        annotation.class_name = class_of(*properties);
        annotation.name = text_of(*properties, "name");
    }
    result.annotations.push_back(std::move(annotation));
}

void read_entry(const Json& entry, const std::string& where, AnnotatedImage& result);

void read_entries(const Json& entries, const char* what, const std::string& where,
                  AnnotatedImage& result) {
    std::size_t number = 0;
    for (const Json& entry : entries)
        leave_out_faults(result, [&] {
            read_entry(entry, fmt::format("{}: {} {}", where, what, ++number), result);
        });
}

/// A feature, several, or a geometry by itself. Those of a collection by itself are objects of
/// their own.
void read_entry(const Json& entry, const std::string& where, AnnotatedImage& result) {
    const std::string type = text_of(entry, "type");
    const auto has = [&](const char* key) {
        return type.empty() && entry.is_object() && entry.contains(key);
    };
    if (type == "FeatureCollection" || has("features"))
        read_entries(list_of(entry, "features", where), "feature", where, result);
    else if (type == "GeometryCollection" || has("geometries"))
        read_entries(list_of(entry, "geometries", where), "geometry", where, result);
    else if (entry.is_object() && entry.contains("coordinates"))
        read_feature({{"geometry", entry}}, where, result);
    else if (type == "Feature" || !entry.is_object() || entry.contains("geometry"))
        read_feature(entry, where, result);
    else
        fail(ErrorCode::corrupt_file,
             "{}: found other JSON, expected GeoJSON: an object of the type FeatureCollection, as "
             "QuPath exports it",
             where);
}

}  // namespace

AnnotatedImage read_geojson(const std::filesystem::path& path, const Json& file) {
    AnnotatedImage result;
    result.file = path;
    if (file.is_array())
        read_entries(file, "feature", path.string(), result);
    else
        read_entry(file, path.string(), result);
    refuse_if_unusable({result});
    return result;
}

std::string geojson_of(const std::vector<OutlinedObject>& objects) {
    std::string text;
    for (const OutlinedObject& object : objects)
        text += fmt::format("{}{}", text.empty() ? "" : ",\n", json_of(object));
    return fmt::format("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", text);
}

}  // namespace unet
