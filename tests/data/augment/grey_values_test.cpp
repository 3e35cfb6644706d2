#include "unet/data/augment/grey_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace unet {
namespace {

std::vector<float> changed(const AugmentOptions& options, std::vector<float> values,
                           std::uint32_t sample = 0) {
    Random random(5, Purpose::augmentation, 0, sample);
    const GreyChange change(options, random);
    change.apply(values);
    change.add_noise(values, random);
    return values;
}

TEST(GreyChangeTest, WithoutOptionsNothingChanges) {
    const std::vector<float> values = {-0.5f, 0.0f, 0.1f, 1.0f, 7.25f};
    EXPECT_EQ(changed(AugmentOptions::none(), values), values);
}

TEST(GreyChangeTest, GammaIsThePowerAndGoesStraightOnBeyondItsRange) {
    AugmentOptions options = AugmentOptions::none();
    options.gamma_min = options.gamma_max = 2.0;
    const auto out = changed(options, {-0.25f, 0.0f, 0.3f, 0.9f, 1.0f, 1.5f});
    // Straight pieces of 1/256: at most (1/256)^2 / 4 from x^2.
    EXPECT_NEAR(out[2], 0.09, 4e-6);
    EXPECT_NEAR(out[3], 0.81, 4e-6);
    EXPECT_EQ(out[1], 0.0f);
    EXPECT_EQ(out[4], 1.0f);
    EXPECT_NEAR(out[0], -0.25 / 256.0, 1e-6);                // slope of the first piece
    EXPECT_NEAR(out[5], 1.0 + 0.5 * (511.0 / 256.0), 1e-6);  // and of the last
}

TEST(GreyChangeTest, ContrastBrightnessAndInversion) {
    AugmentOptions options = AugmentOptions::none();
    options.contrast_min = options.contrast_max = 2.0;
    EXPECT_EQ(changed(options, {0.25f})[0], 0.5f);
    options.invert = 1.0;
    EXPECT_EQ(changed(options, {0.25f})[0], 0.5f);
    EXPECT_EQ(changed(options, {0.125f})[0], 0.75f);
    options = AugmentOptions::none();
    options.brightness = 0.5;
    float low = 1.0f, high = -1.0f;
    for (std::uint32_t sample = 0; sample < 200; ++sample) {
        const float change = changed(options, {0.0f}, sample)[0];
        low = std::min(low, change);
        high = std::max(high, change);
    }
    // Of 200 even draws from -0.5 .. 0.5 none beyond 0.45 has probability 1e-9.
    EXPECT_LT(low, -0.4f);
    EXPECT_GE(low, -0.5f);
    EXPECT_GT(high, 0.4f);
    EXPECT_LE(high, 0.5f);
}

TEST(GreyChangeTest, NoiseHasMeanZeroAndAtMostTheDeviationAsked) {
    AugmentOptions options = AugmentOptions::none();
    options.noise = 0.2;
    double largest = 0.0;
    for (std::uint32_t sample = 0; sample < 50; ++sample) {
        const auto out = changed(options, std::vector<float>(10001, 0.5f), sample);
        double sum = 0.0, squares = 0.0;
        for (const float v : out) {
            sum += v - 0.5;
            squares += (v - 0.5) * (v - 0.5);
        }
        const double deviation = std::sqrt(squares / 10001);
        EXPECT_NEAR(sum / 10001, 0.0, 5 * 0.2 / 100);
        EXPECT_LT(deviation, 0.2 * (1 + 5 / std::sqrt(2 * 10001.0)));
        largest = std::max(largest, deviation);
    }
    EXPECT_GT(largest, 0.15);
}

}  // namespace
}  // namespace unet
