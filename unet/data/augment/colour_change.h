#pragma once

#include <array>
#include <cstdint>

#include "unet/core/random.h"
#include "unet/data/augment/augment.h"

namespace unet {

/// Other stains: each of haematoxylin, eosin and a third one (Ruifrok and Johnston 2001) takes up
/// more or less light, in the logarithm of red, green and blue, where stains add; or no colour at
/// all.
class ColourChange {
public:
    /// Draws by `options.stain` and `options.grey_patches`; nothing is drawn from `random` where
    /// both are 0.
    ColourChange(const AugmentOptions& options, Random& random);

    /// Changes `count` pixels in place, whose red, green and blue are `stride` values apart.
    void apply(float* red, std::int64_t stride, std::int64_t count) const;

private:
    bool stained_ = false, grey_ = false;
    std::array<float, 9> mixing_{};  ///< of optical densities
    std::array<float, 3> shift_{};
};

}  // namespace unet
