#include "unet/data/augment/surround.h"

#include <gtest/gtest.h>

#include <vector>

#include "unet/data/patches.h"

namespace unet {
namespace {

constexpr std::int64_t height = 20, width = 30;

AugmentOptions always() {
    AugmentOptions options = AugmentOptions::none();
    options.surround = 1.0;
    return options;
}

/// 1 where a patch stays as it is, 0 in its surround.
std::vector<int> kept(const Surround& surround) {
    std::vector<int> pixels(height * width, 1);
    for (std::int64_t y = 0; y < height; ++y)
        surround.fill(y, 0, width, 0, pixels.data() + y * width);
    return pixels;
}

TEST(SurroundTest, AtLeastAQuarterStaysAndEverySideIsEmptiedAtTimes) {
    bool above = false, below = false, left = false, right = false, corner = false;
    for (std::uint32_t sample = 0; sample < 300; ++sample) {
        Random random(3, Purpose::augmentation, 0, sample);
        const Surround surround(always(), height, width, random);
        const auto pixels = kept(surround);
        EXPECT_GE(std::count(pixels.begin(), pixels.end(), 1), height * width / 4);
        EXPECT_GE(surround.value(), 0.0f);
        EXPECT_LT(surround.value(), 1.0f);
        const auto empty = [&](std::int64_t y, std::int64_t x) {
            return pixels[y * width + x] == 0;
        };
        above = above || empty(0, width / 2);
        below = below || empty(height - 1, width / 2);
        left = left || empty(height / 2, 0);
        right = right || empty(height / 2, width - 1);
        corner = corner || (empty(0, width / 2) && empty(height / 2, 0));
    }
    EXPECT_TRUE(above && below && left && right && corner);
}

TEST(SurroundTest, WithoutTheOptionNothingIsDrawnAndNothingChanges) {
    Random random(3, Purpose::augmentation), untouched(3, Purpose::augmentation);
    const Surround surround(AugmentOptions::none(), height, width, random);
    EXPECT_EQ(random.bits(), untouched.bits());
    EXPECT_EQ(kept(surround), std::vector<int>(height * width, 1));
}

TEST(SurroundTest, InAPatchItIsOneValueOfTheBackgroundWithItsWeight) {
    // Everywhere an object of weight 7 and grey value 9, which no surround has.
    const std::vector<float> image(64 * 64, 9.0f), weights(64 * 64, 7.0f);
    const std::vector<std::uint8_t> targets(64 * 64, 1);
    const SliceView slice{image.data(),       1,    0, targets.data(), weights.data(),
                          {64, 64, 0, 0, 64}, 0.25f};
    const PatchGeometry geometry{{1, 24, 34}, {1, height, width}};
    PatchSampler sampler(always(), geometry);
    std::int64_t changed = 0;
    for (std::uint32_t sample = 0; sample < 20; ++sample) {
        Random random(3, Purpose::augmentation, 0, sample);
        std::vector<float> patch(24 * 34), weight(height * width);
        std::vector<std::uint8_t> target(height * width);
        sampler.sample(slice, 10, 10, random, patch.data(), target.data(), weight.data());
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x) {
                const auto at = static_cast<std::size_t>(y * width + x);
                const bool empty = patch[(y + 2) * 34 + x + 2] != 9.0f;
                ASSERT_EQ(target[at], empty ? 0 : 1);
                ASSERT_EQ(weight[at], empty ? 0.25f : 7.0f);
                changed += empty;
            }
    }
    EXPECT_GT(changed, 0);
}

}  // namespace
}  // namespace unet
