#include "unet/objects/sizes.h"

#include <algorithm>
#include <span>

#include "unet/core/math.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

/// Pixels per object, by the table's numbers.
std::vector<std::int64_t> pixel_counts(std::span<const std::uint32_t> values,
                                       const IdTable& table) {
    std::vector<std::int64_t> pixels(table.ids().size(), 0);
    for (std::size_t i = 0; i < values.size();) {
        const std::size_t begin = i;
        const std::uint32_t value = values[begin];
        while (i < values.size() && values[i] == value) ++i;
        if (value != 0) pixels[table.index(value)] += static_cast<std::int64_t>(i - begin);
    }
    return pixels;
}

}  // namespace

std::vector<ObjectSize> object_sizes(const LabelMap& map) {
    const IdTable table(map.values);
    const auto pixels = pixel_counts(map.values, table);
    std::vector<ObjectSize> sizes(pixels.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] = {table.ids()[i], pixels[i]};
    return sizes;
}

std::int64_t count_objects(const LabelMap& map) { return IdTable(map.values).count(); }

std::int64_t remove_small(LabelMap& map, std::int64_t minimum_pixels) {
    const IdTable table(map.values);
    const auto pixels = pixel_counts(map.values, table);
    std::vector<std::uint32_t> replacement(pixels.size(), 0);
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i)
        if (pixels[i] >= minimum_pixels) replacement[i] = ++kept;
    for (std::uint32_t& value : map.values)
        if (value != 0) value = replacement[table.index(value)];
    return kept;
}

void ObjectAreas::add(std::span<const std::uint32_t> labels) {
    for (std::size_t i = 0; i < labels.size();) {
        const std::size_t begin = i;
        const std::uint32_t value = labels[begin];
        while (i < labels.size() && labels[i] == value) ++i;
        if (value == 0) continue;
        const auto [place, added] = places_.try_emplace(value, pixels_.size());
        if (added) pixels_.push_back(0);
        pixels_[place->second] += static_cast<std::int64_t>(i - begin);
    }
}

void ObjectAreas::clear() {
    places_.clear();
    pixels_.clear();
}

double equivalent_diameter(std::int64_t pixels) {
    return 2.0 * sqrt_of(static_cast<double>(pixels) / pi);
}

std::vector<double> equivalent_diameters(const LabelMap& map) {
    const auto area = static_cast<std::size_t>(map.size.height * map.size.width);
    std::vector<double> diameters;
    ObjectAreas areas;
    for (std::int64_t z = 0; z < map.size.depth; ++z) {
        areas.clear();
        areas.add({map.plane(z), area});
        for (const std::int64_t pixels : areas.pixels())
            diameters.push_back(equivalent_diameter(pixels));
    }
    return diameters;
}

}  // namespace unet
