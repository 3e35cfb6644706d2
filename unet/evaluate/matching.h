#pragma once

#include <cstdint>
#include <vector>

#include "unet/evaluate/overlaps.h"

namespace unet {

/// A true and a predicted object that are taken for the same.
struct Match {
    std::uint32_t truth, predicted;  ///< ids
    double iou;
};

/// The one-to-one matching of objects whose intersection over union (IoU) is at least `threshold`
/// (0 < threshold <= 1): the most pairs, and among those the largest sum of IoU over all pairs,
/// also of those below the threshold, as StarDist's matching() breaks ties. In order of true id.
/// Throws Error(invalid_argument) for another threshold.
std::vector<Match> match_objects(const Overlaps& overlaps, double threshold);

/// Counts of a matching at one threshold, of one image or summed over many, and StarDist's
/// figures of them (stardist.matching, matching_dataset with by_image=False). A ratio without
/// anything to count is 0, as there.
struct MatchCounts {
    double threshold = 0.5;
    std::int64_t true_positives = 0;   ///< matched pairs
    std::int64_t false_positives = 0;  ///< predicted objects without partner
    std::int64_t false_negatives = 0;  ///< true objects without partner
    double iou_sum = 0.0;              ///< over the matched pairs

    std::int64_t true_objects() const { return true_positives + false_negatives; }
    std::int64_t predicted_objects() const { return true_positives + false_positives; }
    double precision() const;  ///< TP / (TP + FP)
    double recall() const;     ///< TP / (TP + FN)
    double f1() const;         ///< 2 TP / (2 TP + FP + FN)
    double accuracy() const;   ///< TP / (TP + FP + FN), "average precision" of the DSB 2018
    double mean_matched_score() const;  ///< mean IoU of the matched pairs
    double mean_true_score() const;     ///< sum of IoU over the number of true objects
    double panoptic_quality() const;    ///< sum of IoU / (TP + FP / 2 + FN / 2)

    /// Adds the counts of other images at the same threshold.
    MatchCounts& operator+=(const MatchCounts& other);
};

MatchCounts count_matches(const Overlaps& overlaps, double threshold);

}  // namespace unet
