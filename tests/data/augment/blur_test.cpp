#include "unet/data/augment/blur.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace unet {
namespace {

constexpr std::int64_t height = 4, width = 5;

/// The first of many patches that a change is drawn for.
template <class Wanted>
std::vector<float> first_changed(const AugmentOptions& options, const std::vector<float>& plane,
                                 Wanted wanted) {
    for (std::uint32_t sample = 0; sample < 200; ++sample) {
        Random random(3, Purpose::augmentation, 0, sample);
        Blur blur(options, random);
        std::vector<float> values = plane;
        blur.apply(height, width, values);
        if (wanted(values)) return values;
    }
    return {};
}

TEST(BlurTest, WithoutOptionsNothingIsDrawnAndNothingChanges) {
    Random random(1, Purpose::augmentation), untouched(1, Purpose::augmentation);
    Blur blur(AugmentOptions::none(), random);
    std::vector<float> values = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    const auto before = values;
    blur.apply(height, width, values);
    EXPECT_EQ(values, before);
    EXPECT_EQ(random.bits(), untouched.bits());
}

TEST(BlurTest, AnImpulseBecomesAGaussianThatSumsToOne) {
    AugmentOptions options = AugmentOptions::none();
    options.blur = 1.0;
    constexpr std::int64_t edge = 21;
    std::vector<float> plane(edge * edge, 0.0f);
    plane[10 * edge + 10] = 1.0f;
    int blurred = 0;
    for (std::uint32_t sample = 0; sample < 60; ++sample) {
        Random random(3, Purpose::augmentation, 0, sample);
        Blur blur(options, random);
        std::vector<float> values = plane;
        blur.apply(edge, edge, values);
        if (values == plane) continue;
        ++blurred;
        double sum = 0.0, spread = 0.0;
        for (std::int64_t y = 0; y < edge; ++y)
            for (std::int64_t x = 0; x < edge; ++x) {
                const double value = static_cast<double>(values[y * edge + x]);
                sum += value;
                spread += value * static_cast<double>((x - 10) * (x - 10));
            }
        EXPECT_NEAR(sum, 1.0, 1e-5);
        EXPECT_LE(std::sqrt(spread), 1.0);
        // The kernel is a product: f(1, 1) f(0, 0) = f(0, 1) f(1, 0).
        const auto at = [&](std::int64_t y, std::int64_t x) {
            return static_cast<double>(values[(10 + y) * edge + 10 + x]);
        };
        EXPECT_NEAR(at(1, 1) * at(0, 0), at(0, 1) * at(1, 0), 1e-7);
        EXPECT_EQ(at(0, 2), at(0, -2));
    }
    // Half of them, less those that are drawn too small to matter (a fifth).
    EXPECT_GT(blurred, 12);
    EXPECT_LT(blurred, 36);
}

TEST(BlurTest, LargerPixelsAreMeansAndAFlatImageStaysFlat) {
    AugmentOptions options = AugmentOptions::none();
    options.low_resolution = 8.0;
    const std::vector<float> ramp = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4};
    // Pixels so large that one covers all: their mean, everywhere.
    const auto flat = first_changed(
        options, ramp, [](const auto& values) { return std::abs(values[0] - values[4]) < 1e-6f; });
    ASSERT_EQ(flat.size(), ramp.size());
    for (const float value : flat) EXPECT_NEAR(value, 2.0f, 1e-6f);
    const std::vector<float> same(20, 0.375f);
    const auto never =
        first_changed(options, same, [&](const auto& values) { return values != same; });
    EXPECT_TRUE(never.empty());
}

}  // namespace
}  // namespace unet
