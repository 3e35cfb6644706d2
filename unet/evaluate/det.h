#pragma once

#include <cstdint>
#include <optional>

#include "unet/evaluate/overlaps.h"

namespace unet {

/// DET of the Cell Tracking Challenge, of one image or summed over many: how much work it takes
/// to correct the detections, 1 - min(AOGM-D, AOGM-D0) / AOGM-D0, where AOGM-D = 5 NS + 10 FN + FP
/// and AOGM-D0 = 10 n is that of an empty result (Matula et al. 2015, "Cell tracking accuracy
/// measurement based on comparison of acyclic oriented graphs"). A result object finds every
/// reference object that it covers by more than half.
struct DetCounts {
    std::int64_t references = 0;       ///< n
    std::int64_t false_negatives = 0;  ///< reference objects that nothing finds
    std::int64_t false_positives = 0;  ///< result objects that find nothing
    /// NS: splits that are needed of result objects which find several.
    std::int64_t needed_splits = 0;

    /// Nothing where there is no reference object.
    std::optional<double> det() const;
    DetCounts& operator+=(const DetCounts& other);
};

DetCounts count_detections(const Overlaps& overlaps);

}  // namespace unet
