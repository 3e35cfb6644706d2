#include "unet/annotation/labelme.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "unet/annotation/imagej/imagej_shapes.h"
#include "unet/annotation/json_file.h"
#include "unet/core/error.h"
#include "unet/core/text/json.h"

namespace unet {
namespace {

/// Joins a hole to the line that runs left of it: along the row of its leftmost corner to the next
/// upright edge, round the hole, and back. Nothing lies between, so no line is crossed.
void join_hole(Ring& line, const Ring& hole) {
    const auto corner =
        std::min_element(hole.begin(), hole.end(),
                         [](const PixelCorner& a, const PixelCorner& b) { return a.x < b.x; });
    std::size_t nearest = 0;
    std::int64_t x = -1;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const PixelCorner a = line[i], b = line[(i + 1) % line.size()];
        const bool upright =
            a.x == b.x && std::min(a.y, b.y) <= corner->y && corner->y <= std::max(a.y, b.y);
        if (!upright || a.x >= corner->x || a.x <= x) continue;
        nearest = i;
        x = a.x;
    }
    const PixelCorner here{corner->y, x};
    Ring way{here};
    way.insert(way.end(), corner, hole.end());
    way.insert(way.end(), hole.begin(), corner + 1);
    way.push_back(here);
    line.insert(line.begin() + static_cast<std::ptrdiff_t>(nearest) + 1, way.begin(), way.end());
}

/// One closed line through the ring and its holes.
Ring with_holes(const Polygon& polygon) {
    const auto left = [](const Ring& ring) {
        std::int64_t least = ring[0].x;
        for (const PixelCorner& corner : ring) least = std::min(least, corner.x);
        return least;
    };
    // From the left, so that what lies left of a hole is part of the line already.
    std::vector<Ring> holes(polygon.rings.begin() + 1, polygon.rings.end());
    std::sort(holes.begin(), holes.end(),
              [&](const Ring& a, const Ring& b) { return left(a) < left(b); });
    Ring line = polygon.rings[0];
    for (const Ring& hole : holes) join_hole(line, hole);
    return line;
}

/// The points of a shape as a closed line; empty for what has no area.
Curve curve_of(const std::string& type, const Json& points, const std::string& where) {
    Curve curve;
    for (const Json& pair : points) curve.push_back(point_of(pair, where));
    if (type == "polygon" || type == "rotation" || type.empty()) return curve;
    if (type == "point" || type == "points" || type == "line" || type == "linestrip") return {};
    if (type != "rectangle" && type != "circle")
        fail(ErrorCode::unsupported,
             "{}: found a shape of the type {}, expected polygon, rectangle, circle, or point and "
             "line, which have no area; turn it into a polygon in LabelMe, or save the label image "
             "and train on that",
             where, type);
    if (curve.size() < 2)
        fail(ErrorCode::corrupt_file, "{}: found a {} of {} point(s), expected two", where, type,
             curve.size());
    const PlacePoint a = curve[0], b = curve[1];
    if (type == "rectangle" && curve.size() == 2) return {a, {a.y, b.x}, b, {b.y, a.x}};
    if (type == "rectangle") return curve;  // all four corners
    const double radius = std::hypot(b.y - a.y, b.x - a.x);
    if (radius == 0.0) return {};
    if (!std::isfinite(radius)) return curve;  // counted with all that have such numbers
    return oval_curve(a.y - radius, a.x - radius, 2.0 * radius, 2.0 * radius);
}

}  // namespace

AnnotatedImage read_labelme(const std::filesystem::path& path, const Json& file) {
    const std::string where = path.string();
    AnnotatedImage result;
    result.file = path;
    const Json& shapes = list_of(file, "shapes", where);
    result.image = text_of(file, "imagePath");
    result.names = {path.stem().string()};  // of an image that was renamed after it was drawn on
    result.height = whole_of(file, "imageHeight", 0, 0, where);
    result.width = whole_of(file, "imageWidth", 0, 0, where);
    std::map<std::pair<std::string, std::string>, std::size_t> groups;
    std::size_t number = 0;
    const auto read = [&](const Json& shape) {
        const std::string place = fmt::format("{}: shape {}", where, ++number);
        const std::string type = text_of(shape, "shape_type");
        const Json& points = entry_or_null(shape, "points", place);
        if (points.empty()) {
            ++result.left_out[LeftOut::no_outline];
            return;
        }
        Curve curve = curve_of(type, list_of(shape, "points", place), place);
        if (curve.empty()) {
            ++result.left_out[LeftOut::no_area];
            return;
        }
        const std::string label = text_of(shape, "label"), group = text_of(shape, "group_id");
        const auto [known, fresh] = groups.emplace(
            std::pair(label, group.empty() ? fmt::format("shape {}", number) : group),
            result.annotations.size());
        if (!fresh) {
            result.annotations[known->second].pieces.push_back({std::move(curve)});
            return;
        }
        Annotation annotation;
        annotation.where = place;
        annotation.class_name = label;
        annotation.name = text_of(shape, "description");
        annotation.pieces = {{std::move(curve)}};
        result.annotations.push_back(std::move(annotation));
    };
    for (const Json& shape : shapes) leave_out_faults(result, [&] { read(shape); });
    refuse_if_unusable({result});
    return result;
}

std::string labelme_of(const std::vector<OutlinedObject>& objects, const std::string& image,
                       std::int64_t height, std::int64_t width) {
    using Ordered = nlohmann::ordered_json;
    Ordered shapes = Ordered::array();
    for (const OutlinedObject& object : objects)
        for (const Polygon& piece : object.outline.pieces) {
            Ordered points = Ordered::array();
            for (const PixelCorner& corner : with_holes(piece))
                points.push_back({static_cast<double>(corner.x), static_cast<double>(corner.y)});
            Ordered group;  // null
            if (object.outline.pieces.size() > 1) group = object.outline.label;
            shapes.push_back({{"label", object.class_name.empty() ? "object" : object.class_name},
                              {"points", points},
                              {"group_id", group},
                              {"description", object.name},
                              {"shape_type", "polygon"},
                              {"flags", Ordered::object()}});
        }
    const Ordered file{{"version", "5.4.1"}, {"flags", Ordered::object()}, {"shapes", shapes},
                       {"imagePath", image}, {"imageData", nullptr},       {"imageHeight", height},
                       {"imageWidth", width}};
    return json_text(file) + "\n";
}

}  // namespace unet
