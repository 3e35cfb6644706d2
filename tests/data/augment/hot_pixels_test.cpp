#include "unet/data/augment/hot_pixels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace unet {
namespace {

TEST(HotPixelsTest, AFewPixelsAreBrightInAllChannels) {
    AugmentOptions options = AugmentOptions::none();
    options.hot_pixels = 1.0;
    Random random(4, Purpose::augmentation);
    const HotPixels hot(options, random);
    constexpr std::int64_t pixels = 1000;
    std::vector<float> planes(2 * pixels, 0.5f);
    hot.apply(planes.data(), 2, pixels, pixels, random);
    const auto changed = std::count_if(planes.begin(), planes.begin() + pixels,
                                       [](float value) { return value != 0.5f; });
    EXPECT_GE(changed, 1);
    EXPECT_LE(changed, 24);
    for (std::int64_t i = 0; i < pixels; ++i) {
        EXPECT_EQ(planes[i], planes[pixels + i]);
        EXPECT_TRUE(planes[i] == 0.5f || planes[i] >= 1.0f);
    }
}

TEST(HotPixelsTest, WithoutThemNothingIsDrawn) {
    Random random(1, Purpose::augmentation), untouched(1, Purpose::augmentation);
    const HotPixels hot(AugmentOptions::none(), random);
    std::vector<float> plane(16, 0.25f);
    hot.apply(plane.data(), 1, 16, 16, random);
    EXPECT_EQ(plane, std::vector<float>(16, 0.25f));
    EXPECT_EQ(random.bits(), untouched.bits());
}

}  // namespace
}  // namespace unet
