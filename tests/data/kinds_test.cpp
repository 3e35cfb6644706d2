#include "unet/data/kinds.h"

#include <gtest/gtest.h>

#include "unet/data/targets.h"

namespace unet {
namespace {

TEST(LookSumsTest, BackgroundAndColourAreSeenWhereverBlocksAreCut) {
    const std::vector<std::uint8_t> targets = {0, 0, 1, ignored_target};
    // Red, green, blue: a bright pinkish background, a dark object, and a pixel that is left out.
    const std::vector<float> stained = {0.9f, 0.9f, 0.3f, -9.0f, 0.7f, 0.7f,
                                        0.2f, 9.0f, 0.8f, 0.8f,  0.5f, 0.0f};
    LookSums sums;
    sums.add(stained, 3, true, targets);
    EXPECT_TRUE(sums.colour());
    EXPECT_TRUE(sums.bright_background());

    LookSums grey;
    grey.add(std::vector<float>{0.1f, 0.0f, 0.8f, 0.9f}, 1, true, targets);
    EXPECT_FALSE(grey.colour());
    EXPECT_FALSE(grey.bright_background());

    LookSums first, second;
    first.add(std::vector<float>{0.9f, 0.7f, 0.8f}, 3, true, std::vector<std::uint8_t>{0});
    second.add(std::vector<float>{0.3f, 0.2f, 0.5f}, 3, true, std::vector<std::uint8_t>{1});
    second.add(first);
    EXPECT_TRUE(second.colour());
    EXPECT_TRUE(second.bright_background());
    EXPECT_FALSE(first.bright_background());  // nothing lies on it
}

TEST(DrawsByKindTest, CountsToThePowerOfTheBalance) {
    const std::vector<ImageKind> images = {{false, false, 0},
                                           {false, false, 0},
                                           {false, false, 0},
                                           {false, false, 0},
                                           {true, true, 0}};
    EXPECT_EQ(draws_by_kind(images, 0.0), std::vector<std::int64_t>(5, 1 << 20));
    EXPECT_EQ(draws_by_kind(images, 1.0),
              (std::vector<std::int64_t>{1 << 18, 1 << 18, 1 << 18, 1 << 18, 1 << 20}));
    EXPECT_EQ(draws_by_kind(images, 0.5),
              (std::vector<std::int64_t>{1 << 19, 1 << 19, 1 << 19, 1 << 19, 1 << 20}));
}

}  // namespace
}  // namespace unet
