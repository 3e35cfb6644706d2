#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/random.h"
#include "unet/data/augment/augment.h"

namespace unet {

/// What optics and cameras of less resolution make of a patch: Gaussian blur, or pixels that were
/// larger and are shown enlarged. At most one of the two.
class Blur {
public:
    /// Draws by `options.blur` and `options.low_resolution`; nothing is drawn from `random` where
    /// both are 0. Half of the patches stay sharp.
    Blur(const AugmentOptions& options, Random& random);

    /// Changes a plane of height x width in place; edges are repeated beyond it.
    void apply(std::int64_t height, std::int64_t width, std::span<float> plane);

private:
    void smooth(std::int64_t height, std::int64_t width, float* plane);
    void coarsen(std::int64_t height, std::int64_t width, float* plane);

    std::vector<float> taps_;  ///< of the Gaussian, from its middle on; empty: no blur
    double factor_ = 1.0;      ///< how many times larger pixels were
    std::vector<float> padded_, lines_;
};

}  // namespace unet
