#include "unet/data/augment/hot_pixels.h"

namespace unet {
namespace {

constexpr std::int64_t most = 24;  // of a patch

}  // namespace

HotPixels::HotPixels(const AugmentOptions& options, Random& random) {
    if (options.hot_pixels == 0.0) return;
    if (static_cast<double>(random.uniform()) < options.hot_pixels) count_ = 1 + random.below(most);
}

void HotPixels::apply(float* planes, std::int64_t count, std::int64_t stride, std::int64_t pixels,
                      Random& random) const {
    for (std::int64_t i = 0; i < count_; ++i) {
        const std::int64_t place = random.below(pixels);
        const float value = random.uniform(1.0f, 3.0f);
        for (std::int64_t c = 0; c < count; ++c) planes[c * stride + place] = value;
    }
}

}  // namespace unet
