#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "unet/check/detectors.h"
#include "unet/check/planes.h"
#include "unet/core/math.h"
#include "unet/core/quantiles.h"
#include "unet/pixels/levels.h"

namespace unet {
namespace {

// Fewer images have no rest to stand apart from.
constexpr std::size_t least_images = 5;
// An image stands apart if its logarithm differs from the median of the others by this many of
// their spreads (10 % to 90 %) ...
constexpr double spreads = 1.5;
// ... if it differs by this factor from the median, and ...
constexpr double from_median = 2.0;
// ... by this factor from the nearest other image: a second kind of images is no outlier.
constexpr double from_nearest = 1.4;
// Training scales by up to 1.25 and more; as warned of in training (unet/train/training_data.cpp).
constexpr double most_spacing = 1.5;

/// What is compared, as logarithms.
struct Look {
    double brightness = 0.0, contrast = 0.0, sharpness = 0.0;
    bool constant = false;
};

/// Mean strength of second differences against first ones: small for a blurred image, whatever its
/// contrast.
double sharpness_of(const Image& image, std::int64_t z) {
    std::vector<float> plane = brightness_of(image, z);
    smooth(plane, image.size.height, image.size.width);  // against noise
    const std::int64_t height = image.size.height, width = image.size.width;
    double first = 0.0, second = 0.0;
    for (std::int64_t y = 1; y + 1 < height; ++y)
        for (std::int64_t x = 1; x + 1 < width; ++x) {
            const float* at = plane.data() + y * width + x;
            first += std::abs(static_cast<double>(at[1] - at[-1])) +
                     std::abs(static_cast<double>(at[width] - at[-width]));
            second += std::abs(
                static_cast<double>(at[1] + at[-1] + at[width] + at[-width] - 4.0f * at[0]));
        }
    return first > 0.0 ? second / first : 0.0;
}

Look look_of(const Image& image) {
    ImageSource source(image);
    const Levels levels = levels_of(source)[0];
    Look look;
    look.constant = levels.constant() && image.channels == 1;
    if (look.constant) return look;
    // Numbers below 1 in a thousand of the range are all equally dark.
    const double range = image.type == SampleType::f32  ? std::max(levels.most, 1e-6)
                         : image.type == SampleType::u8 ? 255.0
                                                        : 65535.0;
    const auto logarithm = [&](double value) {
        return log_of(std::max(value / range, 0.0) + 1e-3);
    };
    look.brightness = logarithm(levels.median);
    look.contrast = logarithm(levels.high - levels.low);
    double sharpness = 0.0;
    const auto slices = some_slices(image.size.depth);
    for (const std::int64_t z : slices) sharpness += sharpness_of(image, z);
    look.sharpness = log_of(sharpness / static_cast<double>(slices.size()) + 1e-3);
    return look;
}

struct Measure {
    double Look::*value;
    const char *below, *above;
    const char* todo;
};

constexpr Measure measures[] = {
    {&Look::brightness, "darker", "brighter",
     "look at it: another stain or exposure? Then annotate more of its kind"},
    {&Look::contrast, "lower in contrast", "higher in contrast",
     "look at it: another exposure, or dirt that is very bright? Then annotate more of its kind"},
    {&Look::sharpness, "less sharp", "sharper or noisier",
     "look at it: out of focus, or scaled? Then leave it out, or annotate more of its kind"},
};

/// How far a value lies from the others, as a logarithm with its sign; 0 where it belongs to them.
double apart(double value, std::vector<double> others) {
    const auto at = [&](double share) { return lower_quantile(std::span(others), share); };
    const double distance = value - at(0.5);
    double nearest = std::abs(distance);
    for (const double other : others) nearest = std::min(nearest, std::abs(value - other));
    const bool stands_apart =
        std::abs(distance) > std::max(log_of(from_median), spreads * (at(0.9) - at(0.1))) &&
        nearest > log_of(from_nearest);
    return stands_apart ? distance : 0.0;
}

void compare(const CheckedSet& set, const std::vector<Look>& looks, Findings& findings) {
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (!set.cases[i].image || looks[i].constant) continue;
        for (const Measure& measure : measures) {
            std::vector<double> others;
            for (std::size_t j = 0; j < looks.size(); ++j)
                if (j != i && set.cases[j].image && !looks[j].constant)
                    others.push_back(looks[j].*measure.value);
            if (others.size() + 1 < least_images) continue;
            const double distance = apart(looks[i].*measure.value, std::move(others));
            if (distance == 0.0) continue;
            findings.push_back({.kind = FindingKind::outlier,
                                .severity = Severity::note,
                                .what = fmt::format("{:.1f} times {} than the other images",
                                                    exp_of(std::abs(distance)),
                                                    distance < 0.0 ? measure.below : measure.above),
                                .file = set.cases[i].pair.image,
                                .sure = std::clamp(0.4 + 0.2 * std::abs(distance), 0.0, 0.9),
                                .todo = measure.todo});
        }
    }
}

}  // namespace

void find_outliers(Context& context, const CheckedSet& set, Findings& findings) {
    std::vector<Look> looks(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(looks.size()), [&](std::int64_t i, int) {
        const auto at = static_cast<std::size_t>(i);
        if (set.cases[at].image) looks[at] = look_of(*set.cases[at].image);
    });
    for (std::size_t i = 0; i < looks.size(); ++i)
        if (set.cases[i].image && looks[i].constant)
            findings.push_back({.kind = FindingKind::outlier,
                                .severity = Severity::warning,
                                .what = "holds one value everywhere: nothing can be learnt from it",
                                .file = set.cases[i].pair.image,
                                .todo = "move it away with its labels"});
    compare(set, looks, findings);
}

void find_spacing(Context&, const CheckedSet& set, Findings& findings) {
    const auto edge_of = [](const Case& each) {
        if (!each.image) return 0.0;
        const Spacing& spacing = each.image->spacing;
        return spacing.known() ? spacing.size[2] * metres_per_unit(spacing.unit) : 0.0;
    };
    std::vector<double> edges;
    for (const Case& each : set.cases)
        if (edge_of(each) > 0.0) edges.push_back(edge_of(each));
    if (edges.empty()) return;
    const double usual = upper_median(std::span(edges));
    for (const Case& each : set.cases) {
        const double edge = edge_of(each);
        if (edge == 0.0 || (edge <= most_spacing * usual && usual <= most_spacing * edge)) continue;
        findings.push_back(
            {.kind = FindingKind::spacing,
             .severity = Severity::warning,
             .what = fmt::format("its pixels are {:.3g} um wide, those of the others {:.3g} "
                                 "um: the same object has another size",
                                 1e6 * edge, 1e6 * usual),
             .file = each.pair.image,
             .sure = 0.9,
             .todo = "bring the images to one pixel size, or correct what the file says"});
    }
}

}  // namespace unet
