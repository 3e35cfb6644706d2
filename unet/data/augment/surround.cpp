#include "unet/data/augment/surround.h"

namespace unet {

Surround::Surround(const AugmentOptions& options, std::int64_t height, std::int64_t width,
                   Random& random)
    : bottom_(height), right_(width) {
    if (options.surround == 0.0 || !random.chance(static_cast<float>(options.surround))) return;
    const std::int64_t sides = random.below(3);  // above or below, left or right, or both
    const auto cut = [&random](std::int64_t length, std::int64_t& start, std::int64_t& end) {
        const std::int64_t depth = random.below(length / 2 + 1);
        if (random.chance(0.5f))
            start = depth;
        else
            end = length - depth;
    };
    if (sides != 1) cut(height, top_, bottom_);
    if (sides != 0) cut(width, left_, right_);
    if (random.chance(0.5f)) value_ = random.uniform();
}

}  // namespace unet
