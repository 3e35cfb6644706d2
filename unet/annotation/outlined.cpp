#include "unet/annotation/outlined.h"

#include <fmt/format.h>

#include <algorithm>

#include "unet/annotation/class_names.h"
#include "unet/objects/components.h"

namespace unet {
namespace {

/// A value of each object, which all its pixels have in `labels`.
std::vector<std::uint32_t> values_of(const LabelMap& labels, const LabelMap& objects) {
    std::vector<std::uint32_t> values;
    for (std::size_t i = 0; i < objects.values.size(); ++i) {
        if (objects.values[i] == 0) continue;
        if (objects.values[i] >= values.size()) values.resize(objects.values[i] + std::size_t{1});
        values[objects.values[i]] = labels.values[i];
    }
    return values;
}

}  // namespace

Region box_of(const ObjectOutline& outline) {
    const PixelCorner first = outline.pieces[0].rings[0][0];
    PixelCorner least = first, most = first;
    for (const Polygon& piece : outline.pieces)
        for (const PixelCorner& corner : piece.rings[0]) {
            least = {std::min(least.y, corner.y), std::min(least.x, corner.x)};
            most = {std::max(most.y, corner.y), std::max(most.x, corner.x)};
        }
    return {0, least.y, least.x, {1, most.y - least.y, most.x - least.x}};
}

std::vector<OutlinedObject> outlined_objects(const LabelMap& labels,
                                             const std::vector<std::int64_t>& slices,
                                             LabelKind kind,
                                             const std::vector<std::string>& class_names) {
    const bool classes = kind == LabelKind::classes;
    const LabelMap numbered =
        classes ? connected_components(labels, Connectivity::four) : LabelMap{};
    const LabelMap& objects = classes ? numbered : labels;
    const std::vector<std::uint32_t> values =
        classes ? values_of(labels, numbered) : std::vector<std::uint32_t>{};
    std::vector<OutlinedObject> result;
    for (std::int64_t z = 0; z < labels.size.depth; ++z)
        for (ObjectOutline& outline : object_outlines(objects, z)) {
            OutlinedObject object;
            object.name = fmt::format("{}", outline.label);
            object.slice = slices.empty() ? -1 : slices[z];
            if (classes) {
                object.class_value = values[outline.label];
                object.class_name = object.class_value <= class_names.size()
                                        ? class_names[object.class_value - 1]
                                        : class_name_of(object.class_value);
            }
            object.outline = std::move(outline);
            result.push_back(std::move(object));
        }
    return result;
}

}  // namespace unet
