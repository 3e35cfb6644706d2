#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/random.h"
#include "unet/data/augment/augment.h"
#include "unet/data/augment/deformation.h"

namespace unet {

/// Light that differs from place to place: a smooth factor on normalised values, a spline through
/// logarithms at 4 x 4 points whose mean is 0,
/// which dims some objects of a patch beside others as well as its corners. The same for all
/// channels.
class Illumination {
public:
    /// Draws by `options.illumination` for a patch of height x width pixels; nothing is drawn from
    /// `random` where that is 0.
    Illumination(const AugmentOptions& options, std::int64_t height, std::int64_t width,
                 Random& random);

    /// Changes a row of one channel in place.
    void apply(std::int64_t y, std::span<float> values);

private:
    bool uneven_ = false;
    CubicField field_;  ///< logarithms of the factors
    std::vector<float> row_;
};

}  // namespace unet
