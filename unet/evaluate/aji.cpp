#include "unet/evaluate/aji.h"

#include "unet/evaluate/assignment.h"

namespace unet {
namespace {

/// `partner` is a position in Overlaps::predicted, or `unassigned`, for every true object.
AjiSum sum_pairs(const Overlaps& overlaps, const std::vector<std::size_t>& partner) {
    AjiSum sum;
    std::vector<bool> used(overlaps.predicted.size(), false);
    for (std::size_t i = 0; i < overlaps.truth.size(); ++i) {
        sum.united += overlaps.truth[i].pixels;
        if (partner[i] == unassigned) continue;
        sum.united += overlaps.predicted[partner[i]].pixels;
        used[partner[i]] = true;
    }
    for (const Overlap& pair : overlaps.pairs)
        if (partner[pair.truth] == pair.predicted) sum.intersection += pair.pixels;
    sum.united -= sum.intersection;
    for (std::size_t j = 0; j < used.size(); ++j)
        if (!used[j]) sum.united += overlaps.predicted[j].pixels;
    return sum;
}

}  // namespace

AjiSum sum_aji(const Overlaps& overlaps) {
    std::vector<std::size_t> partner(overlaps.truth.size(), unassigned);
    std::vector<double> largest(overlaps.truth.size(), 0.0);
    for (const Overlap& pair : overlaps.pairs) {
        const double iou = overlaps.iou(pair);
        if (iou <= largest[pair.truth]) continue;
        largest[pair.truth] = iou;
        partner[pair.truth] = pair.predicted;
    }
    return sum_pairs(overlaps, partner);
}

AjiSum sum_aji_plus(const Overlaps& overlaps) {
    std::vector<WeightedEdge> edges;
    for (const Overlap& pair : overlaps.pairs)
        edges.push_back({pair.truth, pair.predicted, overlaps.iou(pair)});
    return sum_pairs(overlaps,
                     best_assignment(overlaps.truth.size(), overlaps.predicted.size(), edges));
}

std::optional<double> AjiSum::aji() const {
    if (united == 0) return std::nullopt;
    return static_cast<double>(intersection) / static_cast<double>(united);
}

AjiSum& AjiSum::operator+=(const AjiSum& other) {
    intersection += other.intersection;
    united += other.united;
    return *this;
}

}  // namespace unet
