#include "unet/train/decision.h"

#include <cmath>
#include <vector>

#include "unet/core/math.h"
#include "unet/evaluate/matching.h"
#include "unet/objects/object_finder.h"
#include "unet/objects/sizes.h"
#include "unet/objects/watershed/watershed.h"
#include "unet/predict/classify.h"

namespace unet {
namespace {

constexpr int thresholds = 11;
/// Nearest to 0.5 first, so that the first of equal scores is the one to take.
constexpr double threshold_list[thresholds] = {0.5,  0.55, 0.45, 0.6,  0.4, 0.65,
                                               0.35, 0.7,  0.3,  0.75, 0.8};
constexpr int ious = 10;  // IoU 0.5, 0.55, .. 0.95
/// Depths of splitting as parts of the median object's diameter, so that objects of any size are
/// parted at waists alike; not splitting comes first.
constexpr int depths = 6;
constexpr double depth_list[depths] = {0.0, 0.05, 0.025, 0.1, 0.0125, 0.2};

std::vector<std::int64_t> sizes_up_to(std::int64_t largest) {
    std::vector<std::int64_t> sizes{0};
    for (double size = 2.0; size <= static_cast<double>(largest); size *= sqrt_of(2.0))
        sizes.push_back(static_cast<std::int64_t>(std::llround(size)));
    return sizes;
}

/// 0 and 1; with a boundary 1 in the interior and 2 along it.
LabelMap foreground_above(const Image& kept, double threshold) {
    LabelMap mask{kept.size, {}, {}};
    const auto pixels = static_cast<std::size_t>(kept.size.elements());
    mask.values.resize(pixels);
    if (kept.channels == 2) {
        std::vector<float> values = kept.values;  // labels take the place of the first
        const std::int64_t count = kept.size.elements();
        predict::within_boundary({values.data(), 2, count, count}, threshold, values.data());
        std::copy_n(values.begin(), count, mask.values.begin());
        return mask;
    }
    for (std::size_t i = 0; i < pixels; ++i)
        mask.values[i] = static_cast<double>(kept.values[i]) > threshold ? 1 : 0;
    return mask;
}

/// The objects of a mask for one depth of splitting after the other.
class Parting {
public:
    Parting(const LabelMap& mask, bool boundary) : mask_(mask), boundary_(boundary) {
        if (!boundary) landscape_.find(mask.values, mask.size);
    }

    LabelMap at(double depth) {
        LabelMap objects = mask_;
        if (depth > 0.0 && !boundary_) {
            landscape_.merge(depth, 0, objects.values);
            return objects;
        }
        ObjectRule rule;
        rule.boundary = boundary_;
        rule.split_depth = boundary_ ? depth : 0.0;
        finder_.find(objects.values, objects.size, rule);
        return objects;
    }

private:
    const LabelMap& mask_;
    bool boundary_;
    Watershed landscape_;
    ObjectFinder finder_;
};

/// The same overlaps as if predicted objects of fewer than `minimum` pixels were not there.
/// `all` counts pixels after ignored ones were left out, which objects_of does not: the difference
/// touches objects that lie across an ignored area only.
Overlaps without_small(const Overlaps& all, std::int64_t minimum) {
    Overlaps kept;
    kept.truth = all.truth;
    std::vector<std::size_t> place(all.predicted.size());
    for (std::size_t p = 0; p < all.predicted.size(); ++p) {
        place[p] = kept.predicted.size();
        if (all.predicted[p].pixels >= minimum) kept.predicted.push_back(all.predicted[p]);
    }
    for (const Overlap& pair : all.pairs)
        if (all.predicted[pair.predicted].pixels >= minimum)
            kept.pairs.push_back({pair.truth, place[pair.predicted], pair.pixels});
    return kept;
}

/// Counts of one case at one threshold, [depth][size][iou]; slice by slice, as evaluation does.
std::vector<MatchCounts> count_case(const DecisionCase& item, double threshold, double diameter,
                                    std::optional<std::uint32_t> ignore,
                                    const std::vector<std::int64_t>& sizes) {
    std::vector<MatchCounts> counts(depths * sizes.size() * ious);
    for (std::size_t i = 0; i < counts.size(); ++i)
        counts[i].threshold = static_cast<double>(10 + i % ious) / 20.0;
    const LabelMap mask = foreground_above(*item.foreground, threshold);
    Parting parting(mask, item.foreground->channels == 2);
    const auto slice = static_cast<std::size_t>(item.truth->size.height * item.truth->size.width);
    for (std::size_t d = 0; d < depths; ++d) {
        const LabelMap objects = parting.at(depth_list[d] * diameter);
        for (std::int64_t z = 0; z < objects.size.depth; ++z) {
            const Overlaps all =
                count_overlaps({objects.plane(z), slice}, {item.truth->plane(z), slice}, ignore);
            for (std::size_t s = 0; s < sizes.size(); ++s) {
                const Overlaps kept = without_small(all, sizes[s]);
                for (std::size_t i = 0; i < ious; ++i) {
                    MatchCounts& sum = counts[(d * sizes.size() + s) * ious + i];
                    sum += count_matches(kept, sum.threshold);
                }
            }
        }
    }
    return counts;
}

double score_of_counts(std::span<const MatchCounts> by_iou) {
    double accuracy = 0.0;
    for (const MatchCounts& counts : by_iou) accuracy += counts.accuracy();
    return 0.5 * (by_iou[0].f1() + accuracy / ious);
}

}  // namespace

double usual_split_depth(std::int64_t median_size) {
    return depth_list[1] * equivalent_diameter(median_size);
}

Decision decide_objects(Context& context, std::span<const DecisionCase> cases,
                        std::optional<std::uint32_t> ignore, std::int64_t median_size,
                        const Decision& usual) {
    if (median_size <= 0) return usual;
    const auto sizes = sizes_up_to(median_size / 2);
    const double diameter = equivalent_diameter(median_size);
    std::vector<std::vector<MatchCounts>> counted(cases.size() * thresholds);
    parallel_for(context, static_cast<std::int64_t>(counted.size()), [&](std::int64_t item, int) {
        const auto index = static_cast<std::size_t>(item);
        counted[index] = count_case(cases[index / thresholds], threshold_list[index % thresholds],
                                    diameter, ignore, sizes);
    });
    Decision best = usual;
    double best_score = -1.0;
    for (std::size_t t = 0; t < thresholds; ++t) {
        std::vector<MatchCounts> sums = counted[t];
        for (std::size_t c = 1; c < cases.size(); ++c)
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += counted[c * thresholds + t][i];
        for (std::size_t d = 0; d < depths; ++d)
            for (std::size_t s = 0; s < sizes.size(); ++s) {
                const std::size_t first = (d * sizes.size() + s) * ious;
                const double score = score_of_counts(std::span(sums).subspan(first, ious));
                if (score <= best_score) continue;
                best_score = score;
                best = {threshold_list[t], sizes[s], depth_list[d] * diameter};
            }
    }
    return best_score > 0.0 ? best : usual;
}

Decision decide_foreground(Context& context, std::span<const DecisionCase> cases,
                           std::uint32_t ignore, const Decision& usual) {
    struct Pixels {
        std::int64_t both = 0, either = 0;
    };
    std::vector<Pixels> counted(cases.size() * thresholds);
    parallel_for(context, static_cast<std::int64_t>(counted.size()), [&](std::int64_t item, int) {
        const auto index = static_cast<std::size_t>(item);
        const DecisionCase& image = cases[index / thresholds];
        const double threshold = threshold_list[index % thresholds];
        Pixels& pixels = counted[index];
        for (std::size_t i = 0; i < image.truth->values.size(); ++i) {
            const std::uint32_t truth = image.truth->values[i];
            if (truth == ignore) continue;
            const bool found = static_cast<double>(image.foreground->values[i]) > threshold;
            pixels.both += found && truth != 0;
            pixels.either += found || truth != 0;
        }
    });
    Decision best = usual;
    double best_iou = 0.0;
    for (std::size_t t = 0; t < thresholds; ++t) {
        Pixels sum;
        for (std::size_t c = 0; c < cases.size(); ++c) {
            sum.both += counted[c * thresholds + t].both;
            sum.either += counted[c * thresholds + t].either;
        }
        const double iou =
            sum.either > 0 ? static_cast<double>(sum.both) / static_cast<double>(sum.either) : 0.0;
        if (iou <= best_iou) continue;
        best_iou = iou;
        best.threshold = threshold_list[t];
    }
    return best;
}

}  // namespace unet
