#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "unet/check/detectors.h"
#include "unet/check/fit.h"
#include "unet/check/planes.h"

namespace unet {
namespace {

// Borders are looked for up to so many pixels away, and never farther than a quarter of the image.
constexpr std::int64_t farthest = 24;
// Pixels of border that are looked at: the mean's error is below 0.03.
constexpr std::size_t most_border = 1500;
// A border of fewer pixels fits many places.
constexpr std::size_t least_border = 60;
// Annotators draw a pixel or two inside or outside of an edge: no shift.
constexpr double least_distance = 2.5;
// A border on real edges has 0.3 to 0.7, one that has nothing to do with the image 0.1 at most.
constexpr double good_fit = 0.22;
// Labels that fit better than this belong where they are.
constexpr double sure_fit = 0.4;
// Elsewhere must be clearly better than here ...
constexpr double better = 1.4, better_by = 0.08;
// ... and stand out from all other places by so many standard deviations.
constexpr double stands_out = 3.0;
// Of another image's labels, or the same mirrored: not chosen among a thousand offsets.
constexpr double better_whole = 2.0;

using Border = std::vector<BorderPixel>;

/// Slices, borders and slopes of a case.
struct Fitting {
    std::vector<Border> borders;
    std::vector<Slopes> slopes;

    double at(std::int64_t dy, std::int64_t dx) const {
        double sum = 0.0;
        std::size_t used = 0;
        for (std::size_t i = 0; i < borders.size(); ++i) {
            if (borders[i].size() < least_border) continue;
            sum += slopes[i].fit(borders[i], dy, dx);
            ++used;
        }
        return used == 0 ? 0.0 : sum / static_cast<double>(used);
    }
    bool enough() const {
        return std::any_of(borders.begin(), borders.end(),
                           [](const Border& each) { return each.size() >= least_border; });
    }
};

std::vector<Border> borders_of(const LabelMap& labels) {
    std::vector<Border> borders;
    for (const std::int64_t z : some_slices(labels.size.depth))
        borders.push_back(border_of(labels, z, most_border));
    return borders;
}

std::vector<Slopes> slopes_of(const Image& image) {
    std::vector<Slopes> slopes;
    for (const std::int64_t z : some_slices(image.size.depth)) slopes.emplace_back(image, z);
    return slopes;
}

struct Offset {
    std::int64_t dy = 0, dx = 0;
    double fit = 0.0;
    double mean = 0.0, deviation = 0.0;  ///< of the fit at all offsets that were tried
};

/// The offset of the best fit of the sign that objects have: every second one, then those around
/// the best.
Offset best_offset(const Fitting& fitting, std::int64_t reach) {
    Offset best;
    double sum = 0.0, squares = 0.0;
    std::int64_t count = 0;
    const auto try_at = [&](std::int64_t dy, std::int64_t dx) {
        const double fit = std::abs(fitting.at(dy, dx));
        if (fit > best.fit) best = {dy, dx, fit, 0.0, 0.0};
        return fit;
    };
    for (std::int64_t dy = -reach; dy <= reach; dy += 2)
        for (std::int64_t dx = -reach; dx <= reach; dx += 2) {
            const double fit = try_at(dy, dx);
            sum += fit;
            squares += fit * fit;
            ++count;
        }
    const Offset coarse = best;
    for (std::int64_t dy = -1; dy <= 1; ++dy)
        for (std::int64_t dx = -1; dx <= 1; ++dx) try_at(coarse.dy + dy, coarse.dx + dx);
    best.mean = sum / static_cast<double>(count);
    best.deviation =
        std::sqrt(std::max(0.0, squares / static_cast<double>(count) - best.mean * best.mean));
    return best;
}

/// What is known of the place of a case's labels.
struct Placing {
    std::vector<Border> borders;
    double own = 0.0;  ///< fit where they are
    bool known = false;
    Offset best;
    int way = 0;                ///< of mirroring and turning, that fits best
    double mirrored_fit = 0.0;  ///< with it
};

constexpr const char* ways[] = {"",
                                "mirrored left to right",
                                "mirrored top to bottom",
                                "turned by 180 degrees",
                                "mirrored along the diagonal (rows and columns exchanged)",
                                "turned by 90 degrees",
                                "turned by 90 degrees",
                                "mirrored along the other diagonal"};

/// Only labels that fit badly as they are need to be turned.
void turn(Placing& placing, const Fitting& fitting, const Size3& size) {
    if (placing.own >= sure_fit) return;
    Fitting turned = fitting;
    for (int way = 1; way < (size.height == size.width ? 8 : 4); ++way) {
        for (std::size_t i = 0; i < turned.borders.size(); ++i)
            turned.borders[i] = mirrored(fitting.borders[i], way, size);
        const double fit = std::abs(turned.at(0, 0));
        if (fit > placing.mirrored_fit) {
            placing.way = way;
            placing.mirrored_fit = fit;
        }
    }
}

Placing placing_of(const Case& each) {
    const Size3& size = each.image->size;
    Fitting fitting{borders_of(*each.labels), {}};
    Placing placing;
    if (fitting.enough()) {
        fitting.slopes = slopes_of(*each.image);
        placing.known = true;
        placing.own = std::abs(fitting.at(0, 0));
        const std::int64_t reach = std::min(farthest, std::min(size.height, size.width) / 4);
        placing.best = best_offset(fitting, reach / 2 * 2);
        turn(placing, fitting, size);
    }
    placing.borders = std::move(fitting.borders);
    return placing;
}

bool is_shifted(const Placing& placing) {
    const Offset& best = placing.best;
    const double distance = std::hypot(static_cast<double>(best.dy), static_cast<double>(best.dx));
    return placing.known && distance >= least_distance && best.fit >= good_fit &&
           best.fit >= better * placing.own && best.fit >= placing.own + better_by &&
           best.fit >= best.mean + stands_out * best.deviation;
}

std::string direction_text(const Offset& offset) {
    std::string text;
    if (offset.dy != 0)
        text = fmt::format("{} pixels {}", std::abs(offset.dy), offset.dy > 0 ? "down" : "up");
    if (offset.dx != 0)
        text += fmt::format("{}{} pixels to the {}", text.empty() ? "" : " and ",
                            std::abs(offset.dx), offset.dx > 0 ? "right" : "left");
    return text;
}

Finding shifted(const Case& each, const Placing& placing) {
    return {.kind = FindingKind::shifted,
            .severity = Severity::warning,
            .what = fmt::format(
                "the borders of its objects lie on edges of the image when they are moved "
                "{} (fit {:.2f} instead of {:.2f})",
                direction_text(placing.best), placing.best.fit, placing.own),
            .file = each.pair.label,
            .sure = std::clamp(1.0 - placing.own / placing.best.fit, 0.3, 0.98),
            .todo =
                "look at both (`show_patches`); export the labels from the image they were "
                "drawn on"};
}

bool is_mirrored(const Placing& placing) {
    return placing.known && placing.mirrored_fit >= good_fit &&
           placing.mirrored_fit >= better_whole * placing.own &&
           placing.mirrored_fit >= placing.best.fit;
}

Finding mirrored_labels(const Case& each, const Placing& placing) {
    return {
        .kind = FindingKind::mirrored,
        .severity = Severity::warning,
        .what = fmt::format("the borders of its objects lie on edges of the image when they are {} "
                            "(fit {:.2f} instead of {:.2f})",
                            ways[placing.way], placing.mirrored_fit, placing.own),
        .file = each.pair.label,
        .sure = std::clamp(1.0 - placing.own / placing.mirrored_fit, 0.3, 0.98),
        .todo = "look at both (`show_patches`); export the labels as the image is oriented"};
}

struct Partner {
    std::size_t index = 0;
    double fit = 0.0;
};

/// The case whose labels fit the image of case `i` best, of those that have its size.
Partner best_partner(const CheckedSet& set, const std::vector<Placing>& placings, std::size_t i) {
    Fitting fitting{{}, slopes_of(*set.cases[i].image)};
    Partner best{i, 0.0};
    for (std::size_t j = 0; j < placings.size(); ++j) {
        if (j == i || !placings[j].known || set.cases[j].image->size != set.cases[i].image->size)
            continue;
        fitting.borders = placings[j].borders;
        const double fit = std::abs(fitting.at(0, 0));
        if (fit > best.fit) best = {j, fit};
    }
    return best;
}

bool fits_better(const Partner& partner, const Placing& own) {
    return partner.fit >= good_fit && partner.fit >= better_whole * own.own &&
           partner.fit >= own.best.fit && partner.fit >= own.mirrored_fit;
}

Finding swapped(const CheckedSet& set, const std::vector<Placing>& placings, std::size_t i,
                const Partner& partner, bool both) {
    const Case &each = set.cases[i], &other = set.cases[partner.index];
    return {
        .kind = FindingKind::swapped,
        .severity = Severity::warning,
        .what =
            fmt::format("the labels of {} fit its image better (fit {:.2f} instead of {:.2f}){}",
                        other.pair.label.filename().string(), partner.fit, placings[i].own,
                        both ? ", and its own fit that one's" : ""),
        .file = each.pair.label,
        .sure = both ? 0.95 : 0.6,
        .todo = both ? "look at both images with their labels, and exchange the names of the labels"
                     : "look at both images with their labels",
        .other = other.pair.label};
}

}  // namespace

void find_misplaced(Context& context, const CheckedSet& set, Findings& findings) {
    std::vector<Placing> placings(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(placings.size()), [&](std::int64_t i, int) {
        const Case& each = set.cases[i];
        if (each.image && each.labels && !each.odd_labels && !set.stopped())
            placings[i] = placing_of(each);
    });
    // Only labels that fit badly where they are belong anywhere else.
    std::vector<Partner> partners(placings.size());
    parallel_for(context, static_cast<std::int64_t>(placings.size()), [&](std::int64_t i, int) {
        const auto at = static_cast<std::size_t>(i);
        if (placings[at].known && placings[at].own < sure_fit && !set.stopped())
            partners[at] = best_partner(set, placings, at);
    });
    const auto belongs = [&](std::size_t i) {
        return placings[i].known && fits_better(partners[i], placings[i]);
    };
    for (std::size_t i = 0; i < placings.size(); ++i) {
        const std::size_t other = partners[i].index;
        if (belongs(i))
            findings.push_back(swapped(set, placings, i, partners[i],
                                       belongs(other) && partners[other].index == i));
        else if (is_mirrored(placings[i]))
            findings.push_back(mirrored_labels(set.cases[i], placings[i]));
        else if (is_shifted(placings[i]))
            findings.push_back(shifted(set.cases[i], placings[i]));
    }
}

}  // namespace unet
