#pragma once

#include <cstdint>
#include <optional>

#include "unet/evaluate/overlaps.h"

namespace unet {

/// SEG of the Cell Tracking Challenge, of one image or summed over many: each reference object
/// scores its IoU with the result object that covers more than half of it, or 0 where there is
/// none; SEG is the mean over all reference objects (Maska et al. 2014, "A benchmark for comparison
/// of cell tracking algorithms", section 2.3.1).
struct SegSum {
    double iou_sum = 0.0;
    std::int64_t references = 0;

    /// Nothing where there is no reference object.
    std::optional<double> seg() const;
    SegSum& operator+=(const SegSum& other);
};

SegSum sum_seg(const Overlaps& overlaps);

}  // namespace unet
