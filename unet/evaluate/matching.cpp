#include "unet/evaluate/matching.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/evaluate/assignment.h"

namespace unet {
namespace {

double ratio(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

/// Two objects with an IoU of at least one half share at least half of either, so an object has at
/// most one such partner, or two that are exactly its halves: taking pairs as they come is the
/// best.
std::vector<Match> match_majorities(const Overlaps& overlaps, double threshold) {
    std::vector<bool> taken(overlaps.predicted.size(), false);
    std::vector<Match> matches;
    std::size_t matched_truth = unassigned;
    for (const Overlap& pair : overlaps.pairs) {
        const double iou = overlaps.iou(pair);
        if (iou < threshold || pair.truth == matched_truth || taken[pair.predicted]) continue;
        matched_truth = pair.truth;
        taken[pair.predicted] = true;
        matches.push_back(
            {overlaps.truth[pair.truth].id, overlaps.predicted[pair.predicted].id, iou});
    }
    return matches;
}

/// The general case as an assignment: a pair at or above the threshold weighs 1 and all IoUs
/// together less than that, so the number of matches comes first.
std::vector<Match> match_by_assignment(const Overlaps& overlaps, double threshold) {
    const std::size_t rows = overlaps.truth.size(), columns = overlaps.predicted.size();
    const double scale =
        0.5 / static_cast<double>(std::max<std::size_t>(std::min(rows, columns), 1));
    std::vector<WeightedEdge> edges;
    for (const Overlap& pair : overlaps.pairs) {
        const double iou = overlaps.iou(pair);
        edges.push_back({pair.truth, pair.predicted, (iou >= threshold ? 1.0 : 0.0) + iou * scale});
    }
    const std::vector<std::size_t> partner = best_assignment(rows, columns, edges);
    std::vector<Match> matches;
    for (const Overlap& pair : overlaps.pairs) {
        const double iou = overlaps.iou(pair);
        if (partner[pair.truth] == pair.predicted && iou >= threshold)
            matches.push_back(
                {overlaps.truth[pair.truth].id, overlaps.predicted[pair.predicted].id, iou});
    }
    return matches;
}

}  // namespace

std::vector<Match> match_objects(const Overlaps& overlaps, double threshold) {
    if (!(threshold > 0.0 && threshold <= 1.0))
        fail(ErrorCode::invalid_argument,
             "matching objects: the IoU threshold is {}, accepted are values above 0 up to 1",
             threshold);
    return threshold >= 0.5 ? match_majorities(overlaps, threshold)
                            : match_by_assignment(overlaps, threshold);
}

MatchCounts count_matches(const Overlaps& overlaps, double threshold) {
    MatchCounts counts{.threshold = threshold};
    for (const Match& match : match_objects(overlaps, threshold)) {
        ++counts.true_positives;
        counts.iou_sum += match.iou;
    }
    counts.false_positives =
        static_cast<std::int64_t>(overlaps.predicted.size()) - counts.true_positives;
    counts.false_negatives =
        static_cast<std::int64_t>(overlaps.truth.size()) - counts.true_positives;
    return counts;
}

MatchCounts& MatchCounts::operator+=(const MatchCounts& other) {
    true_positives += other.true_positives;
    false_positives += other.false_positives;
    false_negatives += other.false_negatives;
    iou_sum += other.iou_sum;
    return *this;
}

double MatchCounts::precision() const {
    return ratio(static_cast<double>(true_positives), static_cast<double>(predicted_objects()));
}
double MatchCounts::recall() const {
    return ratio(static_cast<double>(true_positives), static_cast<double>(true_objects()));
}
double MatchCounts::f1() const {
    return ratio(2.0 * static_cast<double>(true_positives),
                 static_cast<double>(true_objects() + predicted_objects()));
}
double MatchCounts::accuracy() const {
    return ratio(static_cast<double>(true_positives),
                 static_cast<double>(true_positives + false_positives + false_negatives));
}
double MatchCounts::mean_matched_score() const {
    return ratio(iou_sum, static_cast<double>(true_positives));
}
double MatchCounts::mean_true_score() const {
    return ratio(iou_sum, static_cast<double>(true_objects()));
}
double MatchCounts::panoptic_quality() const {
    return ratio(iou_sum, 0.5 * static_cast<double>(true_objects() + predicted_objects()));
}

}  // namespace unet
