#include "unet/data/augment/illumination.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace unet {
namespace {

constexpr std::int64_t edge = 64;

std::vector<float> factors(double strength, std::uint32_t sample) {
    AugmentOptions options = AugmentOptions::none();
    options.illumination = strength;
    Random random(2, Purpose::augmentation, 0, sample);
    Illumination light(options, edge, edge, random);
    std::vector<float> plane(edge * edge, 1.0f);
    for (std::int64_t y = 0; y < edge; ++y)
        light.apply(y, {plane.data() + y * edge, static_cast<std::size_t>(edge)});
    return plane;
}

TEST(IlluminationTest, WithoutItNothingIsDrawn) {
    Random random(1, Purpose::augmentation), untouched(1, Purpose::augmentation);
    Illumination light(AugmentOptions::none(), edge, edge, random);
    std::vector<float> row(edge, 2.0f);
    light.apply(3, row);
    EXPECT_EQ(row, std::vector<float>(edge, 2.0f));
    EXPECT_EQ(random.bits(), untouched.bits());
}

TEST(IlluminationTest, ItIsSmoothPositiveAndDiffersFromPlaceToPlace) {
    for (std::uint32_t sample = 0; sample < 20; ++sample) {
        const auto plane = factors(0.7, sample);
        const auto [least, most] = std::minmax_element(plane.begin(), plane.end());
        EXPECT_GT(*least, 0.1f);
        EXPECT_LT(*most, 10.0f);
        EXPECT_GT(*most / *least, 1.3f);
        double mean_log = 0.0;
        for (std::size_t i = 0; i < plane.size(); ++i) {
            mean_log += std::log(static_cast<double>(plane[i]));
            // Points 21 pixels apart that differ by at most 1.4 each, and a spline: below 0.15.
            const float before = plane[i % edge == 0 ? i : i - 1];
            EXPECT_LT(std::abs(std::log(plane[i] / before)), 0.15f);
        }
        EXPECT_LT(std::abs(mean_log / static_cast<double>(plane.size())), 0.5);
    }
}

}  // namespace
}  // namespace unet
