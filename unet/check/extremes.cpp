#include <fmt/format.h>

#include <algorithm>

#include "unet/check/detectors.h"
#include "unet/pixels/normalise.h"

namespace unet {
namespace {

// In ranges of the percentiles, below and above them: none of 300 images of nuclei, cells and
// tissue has a value more than 0.7 below or 5.5 above (bench/hot_pixels.py --values).
constexpr double far_beyond = 9.0;
// Fewer values are no object, whatever they lie on.
constexpr std::int64_t least_object = 9;

/// The values of an image that lie far beyond all others.
struct Extremes {
    std::int64_t count = 0, on_objects = 0, pixel = 0;  ///< the place of the first
    float value = 0.0f;                                 ///< the first
    ValueRange usual;                                   ///< percentiles of its channel
};

Extremes extremes_of(const CheckedSet& set, const Case& each, const Scaling& scaling) {
    const Image& image = *each.image;
    const std::int64_t pixels = image.size.elements();
    Extremes found;
    for (std::int64_t c = 0; c < image.channels; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        const ValueRange range = limits_of(scaling, channel);
        const float* values = image.plane(c, 0);
        for (std::int64_t i = 0; i < pixels; ++i) {
            const auto value = static_cast<double>(values[i]);
            if (value >= range.low && value <= range.high) continue;
            const std::size_t entry = scaling.low.size() == 1 ? 0 : channel;
            if (found.count++ == 0)
                found = {1, 0, i, values[i], {scaling.low[entry], scaling.high[entry]}};
            found.on_objects += each.labels && set.is_object(each.labels->values[i]);
        }
    }
    return found;
}

/// Each takes the nearest usual value.
void take_away(Image& image, const Scaling& scaling) {
    const auto pixels = static_cast<std::size_t>(image.size.elements());
    for (std::size_t c = 0; c < static_cast<std::size_t>(image.channels); ++c) {
        const ValueRange range = limits_of(scaling, c);
        const std::size_t entry = scaling.low.size() == 1 ? 0 : c;
        const auto low = static_cast<float>(scaling.low[entry]);
        const auto high = static_cast<float>(scaling.high[entry]);
        for (float& value : std::span(image.values).subspan(c * pixels, pixels))
            if (static_cast<double>(value) > range.high)
                value = high;
            else if (static_cast<double>(value) < range.low)
                value = low;
    }
}

}  // namespace

void find_extremes(Context& context, CheckedSet& set, Findings& findings) {
    std::vector<Extremes> found(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(found.size()), [&](std::int64_t i, int) {
        Case& each = set.cases[i];
        if (!each.image || set.stopped()) return;
        Scaling scaling = percentile_scaling(*each.image);
        scaling.clip = far_beyond;
        Extremes& extremes = found[i];
        extremes = extremes_of(set, each, scaling);
        const bool objects =
            extremes.count >= least_object && 2 * extremes.on_objects > extremes.count;
        if (objects)
            extremes.count = 0;
        else if (extremes.count > 0)
            take_away(*each.image, scaling);
    });
    for (std::size_t i = 0; i < found.size(); ++i) {
        const Extremes& extremes = found[i];
        if (extremes.count == 0) continue;
        findings.push_back(
            {.kind = FindingKind::extreme,
             .severity = Severity::warning,
             .what = fmt::format("{} value(s) lie far beyond all others, the first is {:g}; the "
                                 "others are mostly {:g} to {:g}",
                                 extremes.count, extremes.value, extremes.usual.low,
                                 extremes.usual.high),
             .file = set.cases[i].pair.image,
             .place = place_of(set.cases[i].image->size, extremes.pixel),
             .sure = 0.9,
             .todo =
                 "hot pixels, dirt, saturated spots? Training limits them; where they stand for "
                 "missing pixels, write the background's value there"});
    }
}

}  // namespace unet
