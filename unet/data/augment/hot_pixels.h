#pragma once

#include <cstdint>
#include <span>

#include "unet/core/random.h"
#include "unet/data/augment/augment.h"

namespace unet {

/// Pixels of a camera that are bright whatever is before them.
class HotPixels {
public:
    /// Draws by `options.hot_pixels` whether a patch has some; nothing is drawn from `random` where
    /// that is 0.
    HotPixels(const AugmentOptions& options, Random& random);

    /// Puts them into planes of `pixels` values each, `stride` apart, at the same places in all.
    /// Where they are is drawn from `random` if there are any.
    void apply(float* planes, std::int64_t count, std::int64_t stride, std::int64_t pixels,
               Random& random) const;

private:
    std::int64_t count_ = 0;
};

}  // namespace unet
