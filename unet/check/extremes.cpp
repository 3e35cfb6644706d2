#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "unet/check/detectors.h"
#include "unet/pixels/levels.h"

namespace unet {
namespace {

// Fewer values are no object, whatever they lie on.
constexpr std::int64_t least_object = 9;

// Of an image's values; more than a few hundredths are part of the image.
constexpr double many_percent = 98.0;

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

/// As Scaling::high, of a lower percentile; the same where that is the low one, too.
std::vector<double> many_highs(const Image& image, const Scaling& scaling) {
    const std::size_t length = image.values.size() / scaling.high.size();
    std::vector<double> highs = scaling.high;
    for (std::size_t group = 0; group < highs.size(); ++group) {
        const auto values = std::span(image.values).subspan(group * length, length);
        const double high = percentile(values, many_percent);
        if (high > scaling.low[group]) highs[group] = high;
    }
    return highs;
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

/// A frame of one value around what was seen, as where images were brought to one size.
struct Frame {
    float value = 0.0f;
    double share = 0.0;  ///< of the image
    ValueRange inside;   ///< percentiles of all else
};

/// The frame of a slice's first channel whose value is that at `corner`, where it lies outside of
/// the other values by more than they span, so that they look flat beside it.
std::optional<Frame> frame_of(const Image& image, std::int64_t corner) {
    const std::int64_t height = image.size.height, width = image.size.width;
    const float* values = image.plane(0, 0);
    const float value = values[corner];
    // One at least of the two lines that meet in the corner belongs to a frame.
    const std::int64_t row = corner / width * width, column = corner % width;
    bool whole_row = true, whole_column = true;
    for (std::int64_t x = 0; x < width; ++x) whole_row &= values[row + x] == value;
    for (std::int64_t y = 0; y < height; ++y) whole_column &= values[y * width + column] == value;
    if (!whole_row && !whole_column) return {};
    ValueCounts others;
    std::int64_t top = height, bottom = -1, left = width, right = -1;
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            if (values[y * width + x] == value) continue;
            others.add({values + y * width + x, 1});
            top = std::min(top, y);
            bottom = y;
            left = std::min(left, x);
            right = std::max(right, x);
        }
    const std::int64_t box = (bottom - top + 1) * (right - left + 1);
    // A dark ground has the value of its corner everywhere, a frame only around the image.
    if (bottom < 0 || box == height * width || others.size() < box - box / 100) return {};
    const ValueRange inside = range_of(others);
    const double span = inside.high - inside.low, own = static_cast<double>(value);
    if (own >= inside.low - span && own <= inside.high + span) return {};
    return Frame{value, 1.0 - static_cast<double>(box) / static_cast<double>(height * width),
                 inside};
}

void find_frame(const Case& each, Findings& findings) {
    const std::int64_t height = each.image->size.height, width = each.image->size.width;
    for (const std::int64_t corner : {std::int64_t{0}, height * width - 1}) {
        const auto frame = frame_of(*each.image, corner);
        if (!frame) continue;
        findings.push_back(
            {.kind = FindingKind::extreme,
             .severity = Severity::warning,
             .what = fmt::format(
                 "a border of {:g} takes {:.0f} % of the image, what lies inside is "
                 "mostly {:g} to {:g} and looks flat beside it",
                 frame->value, 100.0 * frame->share, frame->inside.low, frame->inside.high),
             .file = each.pair.image,
             .place = place_of(each.image->size, corner),
             .sure = 0.9,
             .todo = "crop it away with its labels, or write the background's value there"});
        return;
    }
}

void find_values(const CheckedSet& set, Case& each, Findings& findings) {
    Scaling scaling = percentile_scaling(*each.image);
    scaling.clip = far_beyond_ranges;
    Extremes found = extremes_of(set, each, scaling);
    const bool few = found.count > 0;
    if (!few) {  // perhaps so many that they are the percentile themselves
        scaling.high = many_highs(*each.image, scaling);
        found = extremes_of(set, each, scaling);
        if (static_cast<double>(found.count) <
            (1.0 - high_percent / 100.0) * static_cast<double>(each.image->size.elements()))
            return;
    }
    if (found.count >= least_object && 2 * found.on_objects > found.count) return;
    take_away(*each.image, scaling);
    findings.push_back(
        {.kind = FindingKind::extreme,
         .severity = Severity::warning,
         .what = fmt::format("{} value(s) lie far beyond all others, the first is {:g}; the others "
                             "are mostly {:g} to {:g}",
                             found.count, found.value, found.usual.low, found.usual.high),
         .file = each.pair.image,
         .place = place_of(each.image->size, found.pixel),
         .sure = 0.9,
         .todo = few ? "hot pixels, dirt, saturated spots? Training limits them; where they stand "
                       "for missing pixels, write the background's value there"
                     : "saturated spots, dirt? They are so many that all else looks flat beside "
                       "them: write the background's value there, or leave the image out"});
}

}  // namespace

void find_extremes(Context& context, CheckedSet& set, Findings& findings) {
    std::vector<Findings> found(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(found.size()), [&](std::int64_t i, int) {
        Case& each = set.cases[i];
        if (!each.image || set.stopped()) return;
        find_frame(each, found[i]);
        find_values(set, each, found[i]);
    });
    for (Findings& each : found) std::move(each.begin(), each.end(), std::back_inserter(findings));
}

}  // namespace unet
