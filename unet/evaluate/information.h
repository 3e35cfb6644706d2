#pragma once

#include "unet/evaluate/overlaps.h"

namespace unet {

/// Information that true and predicted segments share, in nats, over the pixels inside true
/// segments of one slice; each of them that is predicted background is a segment of its own
/// (Arganda-Carreras et al. 2015, section 2.5.3).
struct Information {
    std::int64_t pixels = 0;  ///< inside true segments
    double truth = 0.0;       ///< entropy of the true segments
    double predicted = 0.0;   ///< of the predicted ones
    double joint = 0.0;       ///< of their intersections

    double mutual() const { return truth + predicted - joint; }
    /// Variation of information, H(truth | predicted) + H(predicted | truth) (Meila 2003).
    double variation() const { return 2.0 * joint - truth - predicted; }
    /// mutual / predicted: falls where segments are split. 0 for one predicted segment alone.
    double split() const;
    /// mutual / truth: falls where segments are merged. 0 for one true segment alone.
    double merge() const;
    /// V_info, the harmonic mean of split and merge; 0 where there is no true segment.
    double score() const;
};

Information shared_information(const Overlaps& overlaps);

}  // namespace unet
