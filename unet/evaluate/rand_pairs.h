#pragma once

#include "unet/evaluate/overlaps.h"

namespace unet {

/// Ordered pairs of pixels inside true segments, a pixel with itself included: what the
/// foreground-restricted Rand scores of ISBI 2012 count (Rand 1971; Arganda-Carreras et al. 2015,
/// "Crowdsourcing the creation of image segmentation algorithms for connectomics"). Of one slice or
/// summed over many. A pixel that is predicted background is a segment of its own. Counts are whole
/// numbers, exact in double for slices of up to 9 * 10^7 pixels.
struct RandPairs {
    std::int64_t pixels = 0;  ///< inside true segments
    double all = 0.0;         ///< sum of pixels^2 over slices
    double truth = 0.0;       ///< of those, in one true segment
    double predicted = 0.0;   ///< in one predicted segment
    double both = 0.0;        ///< in one true and in one predicted segment

    /// both / predicted: falls where segments are merged. 1 where nothing is joined wrongly.
    double precision() const;
    /// both / truth: falls where segments are split. 1 where nothing is parted wrongly.
    double recall() const;
    /// Harmonic mean of the two; 0 where there is no true segment.
    double f1() const;
    /// Share of the pairs of two pixels on which truth and prediction disagree, 1 - Rand index; 0
    /// without a pair.
    double error() const;

    RandPairs& operator+=(const RandPairs& other);
};

RandPairs count_pairs(const Overlaps& overlaps);

}  // namespace unet
