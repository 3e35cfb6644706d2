#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "unet/core/random.h"
#include "unet/data/augment/augment.h"

namespace unet {

/// One patch's change of grey values, the same for all channels: gamma, contrast, brightness,
/// inversion, in this order, on normalised values; and its noise.
class GreyChange {
public:
    /// Draws the change by the options' grey-value part, without the noise itself.
    GreyChange(const AugmentOptions& options, Random& random);

    /// Changes `values` in place.
    void apply(std::span<float> values) const;
    /// Adds noise that is drawn from `random`.
    void add_noise(std::span<float> values, Random& random) const;

private:
    static constexpr int knots = 256;
    bool curved_ = false;
    std::array<float, knots + 1> curve_{};  // v^gamma at v = i / knots
    float factor_ = 1.0f, offset_ = 0.0f, noise_ = 0.0f;
};

}  // namespace unet
