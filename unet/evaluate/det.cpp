#include "unet/evaluate/det.h"

#include <algorithm>

namespace unet {

DetCounts count_detections(const Overlaps& overlaps) {
    DetCounts counts{.references = static_cast<std::int64_t>(overlaps.truth.size())};
    std::vector<std::int64_t> found(overlaps.predicted.size(), 0);
    for (const Overlap& pair : overlaps.pairs)
        if (2 * pair.pixels > overlaps.truth[pair.truth].pixels) ++found[pair.predicted];
    counts.false_negatives = counts.references;
    for (const std::int64_t objects : found) {
        counts.false_negatives -= objects;
        if (objects == 0)
            ++counts.false_positives;
        else
            counts.needed_splits += objects - 1;
    }
    return counts;
}

std::optional<double> DetCounts::det() const {
    if (references == 0) return std::nullopt;
    const auto work =
        static_cast<double>(5 * needed_splits + 10 * false_negatives + false_positives);
    const auto from_nothing = static_cast<double>(10 * references);
    return 1.0 - std::min(work, from_nothing) / from_nothing;
}

DetCounts& DetCounts::operator+=(const DetCounts& other) {
    references += other.references;
    false_negatives += other.false_negatives;
    false_positives += other.false_positives;
    needed_splits += other.needed_splits;
    return *this;
}

}  // namespace unet
