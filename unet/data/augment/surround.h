#pragma once

#include <algorithm>
#include <cstdint>

#include "unet/core/random.h"
#include "unet/core/shape.h"
#include "unet/data/augment/augment.h"

namespace unet {

/// Emptiness beside the image, as stitched scans and padded images have it: one value from a line
/// on, at one side of a patch or at two that meet. A network that never saw such an edge takes it
/// for an object's.
class Surround {
public:
    /// Draws by `options.surround` for a patch of height x width pixels; nothing is drawn from
    /// `random` where that is 0. At least a quarter of the patch stays as it is.
    Surround(const AugmentOptions& options, std::int64_t height, std::int64_t width,
             Random& random);

    /// The normalised grey value there: black or, as often, anything between black and white.
    float value() const noexcept { return value_; }

    /// Fills what lies in the surround of the `width` pixels from (y, x) on.
    template <class T>
    void fill(std::int64_t y, std::int64_t x, std::int64_t width, T value, T* row) const {
        if (y < top_ || y >= bottom_) {
            std::fill_n(row, width, value);
            return;
        }
        const std::int64_t first = std::clamp<std::int64_t>(left_ - x, 0, width);
        const std::int64_t end = std::clamp<std::int64_t>(right_ - x, 0, width);
        std::fill_n(row, first, value);
        std::fill(row + end, row + width, value);
    }

private:
    std::int64_t top_ = 0, bottom_, left_ = 0, right_;  ///< of the image, within the patch
    float value_ = 0.0f;
};

}  // namespace unet
