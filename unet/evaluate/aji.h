#pragma once

#include <cstdint>
#include <optional>

#include "unet/evaluate/overlaps.h"

namespace unet {

/// Pixels of the aggregated Jaccard index, of one image or summed over many: intersections of
/// paired objects over their unions and all unpaired objects.
struct AjiSum {
    std::int64_t intersection = 0, united = 0;

    /// Nothing where there is no object at all.
    std::optional<double> aji() const;
    AjiSum& operator+=(const AjiSum& other);
};

/// AJI: every true object is paired with the predicted one of largest IoU, which may serve several
/// (Kumar et al. 2017, "A dataset and a technique for generalized nuclear segmentation for
/// computational pathology", algorithm 1).
AjiSum sum_aji(const Overlaps& overlaps);

/// AJI+: pairs are one to one, with the largest sum of IoU (Graham et al. 2019, "HoVer-Net").
AjiSum sum_aji_plus(const Overlaps& overlaps);

}  // namespace unet
