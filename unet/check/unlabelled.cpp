#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "unet/check/detectors.h"
#include "unet/check/planes.h"
#include "unet/core/quantiles.h"
#include "unet/objects/components.h"
#include "unet/objects/distance.h"

namespace unet {
namespace {

// Brightness tells objects from background where so much of them lies beyond the middle ...
constexpr double objects_beyond = 0.65;
// ... and so little of the background, far from labels.
constexpr double background_beyond = 0.04;
// The glow around a labelled object reaches so far, in pixels (squared).
constexpr std::int32_t glow = 16;
// Of the median labelled object: smaller is dirt, larger is something else.
constexpr double least_area = 0.5, most_area = 4.0;
constexpr double least_filled = 0.5;    ///< of its box: fibres and edges fill less
constexpr double least_contrast = 0.6;  ///< of the median object's

constexpr std::int64_t widest = 32767;  // beyond it squared distances do not fit

/// What tells labelled objects of a slice from background.
struct Contrast {
    float background = 0.0f, object = 0.0f;
    double area = 0.0;  ///< median, in pixels

    /// 0 for background, 1 for the median object, bright or dark.
    double of(float value) const { return (value - background) / (object - background); }
};

struct Slice {
    std::vector<float> brightness;
    LabelMap labels;
    std::vector<std::int32_t> distance;  ///< squared, to the nearest label
};

bool is_far(const Slice& slice, std::size_t pixel) { return slice.distance[pixel] > glow; }

/// Nothing where brightness does not tell them apart.
std::optional<Contrast> contrast_of(const Slice& slice) {
    const LabelMap components = connected_components(slice.labels);
    std::map<std::uint32_t, std::int64_t> areas;
    std::vector<float> objects, background;
    for (std::size_t i = 0; i < slice.brightness.size(); ++i) {
        if (slice.labels.values[i] != 0) {
            objects.push_back(slice.brightness[i]);
            ++areas[components.values[i]];
        } else if (is_far(slice, i)) {
            background.push_back(slice.brightness[i]);
        }
    }
    if (areas.size() < 2 || background.empty()) return {};
    std::vector<float> sizes;
    for (const auto& [unused, area] : areas) sizes.push_back(static_cast<float>(area));
    const Contrast contrast{lower_quantile(std::span(background), 0.5),
                            lower_quantile(std::span(objects), 0.5),
                            lower_quantile(std::span(sizes), 0.5)};
    if (contrast.object == contrast.background) return {};
    const auto beyond = [&](const std::vector<float>& values) {
        const auto count = std::count_if(values.begin(), values.end(),
                                         [&](float value) { return contrast.of(value) > 0.5; });
        return static_cast<double>(count) / static_cast<double>(values.size());
    };
    if (beyond(objects) < objects_beyond || beyond(background) > background_beyond) return {};
    return contrast;
}

struct Region {
    std::int64_t pixels = 0, first = 0;
    std::int64_t top = 0, left = 0, bottom = 0, right = 0;
    double contrast = 0.0;  ///< sum

    bool like_an_object(const Contrast& usual) const {
        const auto area = static_cast<double>(pixels);
        const auto box = static_cast<double>((bottom - top + 1) * (right - left + 1));
        return area >= least_area * usual.area && area <= most_area * usual.area &&
               area >= least_filled * box && contrast >= least_contrast * area;
    }
};

/// Regions beyond the middle that are far from every label.
std::map<std::uint32_t, Region> regions_of(const Slice& slice, const Contrast& contrast) {
    LabelMap beyond{slice.labels.size, std::vector<std::uint32_t>(slice.brightness.size(), 0), {}};
    for (std::size_t i = 0; i < beyond.values.size(); ++i)
        beyond.values[i] = is_far(slice, i) && contrast.of(slice.brightness[i]) > 0.5 ? 1 : 0;
    const LabelMap components = connected_components(beyond);
    std::map<std::uint32_t, Region> regions;
    const std::int64_t width = slice.labels.size.width;
    for (std::size_t i = 0; i < components.values.size(); ++i) {
        if (components.values[i] == 0) continue;
        const auto pixel = static_cast<std::int64_t>(i);
        const std::int64_t y = pixel / width, x = pixel % width;
        Region& region =
            regions.try_emplace(components.values[i], Region{0, pixel, y, x, y, x, 0.0})
                .first->second;
        ++region.pixels;
        region.left = std::min(region.left, x);
        region.right = std::max(region.right, x);
        region.bottom = y;
        region.contrast += contrast.of(slice.brightness[i]);
    }
    return regions;
}

Slice slice_of(const Case& each, const CheckedSet& set, std::int64_t z) {
    const Size3 size{1, each.image->size.height, each.image->size.width};
    Slice slice{brightness_of(*each.image, z), {size, {}, {}}, {}};
    const std::uint32_t* plane = each.labels->plane(z);
    slice.labels.values.assign(plane, plane + size.elements());
    // What is left out of training is not missing either.
    for (std::uint32_t& value : slice.labels.values)
        value = set.is_object(value) || (set.meaning && set.meaning->is_ignored(value)) ? 1 : 0;
    if (set.holds_instances())
        for (std::size_t i = 0; i < slice.labels.values.size(); ++i)
            if (slice.labels.values[i] != 0) slice.labels.values[i] = plane[i];
    slice.distance = squared_distances(slice.labels, DistanceTo::foreground);
    smooth(slice.brightness, size.height, size.width);
    return slice;
}

}  // namespace

void find_unlabelled(Context& context, const CheckedSet& set, Findings& findings) {
    for_each_case(context, set, findings, [&](const Case& each, Findings& found) {
        if (std::max(each.image->size.height, each.image->size.width) > widest) return;
        std::int64_t count = 0, first = -1;
        const std::int64_t area = each.image->size.height * each.image->size.width;
        for (const std::int64_t z : some_slices(each.image->size.depth)) {
            const Slice slice = slice_of(each, set, z);
            const auto contrast = contrast_of(slice);
            if (!contrast) continue;
            for (const auto& [unused, region] : regions_of(slice, *contrast)) {
                if (!region.like_an_object(*contrast)) continue;
                if (first < 0) first = z * area + region.first;
                ++count;
            }
        }
        if (count == 0) return;
        found.push_back({.kind = FindingKind::unlabelled,
                         .severity = Severity::warning,
                         .what = fmt::format("{} region(s) as bright (or dark) and as large as the "
                                             "labelled objects have no label",
                                             count),
                         .file = each.pair.label,
                         .place = place_of(each.image->size, first),
                         .sure = 0.6,
                         .todo =
                             "annotate them if they are objects, or leave them out with an ignored "
                             "value"});
    });
}

}  // namespace unet
