#include "unet/data/augment/colour_change.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace unet {
namespace {

TEST(ColourChangeTest, WithoutOptionsNothingIsDrawnAndNothingChanges) {
    Random random(1, Purpose::augmentation), untouched(1, Purpose::augmentation);
    const ColourChange change(AugmentOptions::none(), random);
    std::vector<float> values = {0.1f, 0.5f, 0.9f};
    change.apply(values.data(), 1, 1);
    EXPECT_EQ(values, (std::vector<float>{0.1f, 0.5f, 0.9f}));
    EXPECT_EQ(random.bits(), untouched.bits());
}

TEST(ColourChangeTest, GreyIsTheMeanOfTheThree) {
    AugmentOptions options = AugmentOptions::none();
    options.grey_patches = 1.0;
    Random random(1, Purpose::augmentation);
    const ColourChange change(options, random);
    std::vector<float> values = {0.25f, 0.0f, 0.5f, 0.0f, 0.75f, 3.0f};  // two pixels, planar
    change.apply(values.data(), 2, 2);
    EXPECT_EQ(values, (std::vector<float>{0.5f, 1.0f, 0.5f, 1.0f, 0.5f, 1.0f}));
}

/// A pixel stained by haematoxylin alone: optical densities in the ratio 0.65 : 0.70 : 0.29
/// (Ruifrok and Johnston 2001). Another amount of the same stain keeps the ratio.
TEST(ColourChangeTest, AStainKeepsItsColourWhateverItsAmount) {
    AugmentOptions options = AugmentOptions::none();
    options.stain = 0.4;
    int darker = 0, lighter = 0;
    for (std::uint32_t sample = 0; sample < 40; ++sample) {
        Random random(7, Purpose::augmentation, 0, sample);
        const ColourChange change(options, random);
        // Two amounts, so that the shift of all pixels is left out of their difference.
        std::vector<double> weak, strong;
        for (const double amount : {0.6, 1.2}) {
            std::vector<float> pixel;
            for (const double part : {0.65, 0.70, 0.29})
                pixel.push_back(static_cast<float>(std::exp(-amount * part)));
            change.apply(pixel.data(), 1, 1);
            for (const float value : pixel)
                (amount < 1.0 ? weak : strong).push_back(-std::log(static_cast<double>(value)));
        }
        const double factor = (strong[0] - weak[0]) / (0.6 * 0.65);
        EXPECT_NEAR((strong[1] - weak[1]) / (0.6 * 0.70), factor, 5e-3);
        EXPECT_NEAR((strong[2] - weak[2]) / (0.6 * 0.29), factor, 5e-3);
        EXPECT_GE(factor, std::exp(-0.4) - 5e-3);
        EXPECT_LE(factor, std::exp(0.4) + 5e-3);
        (factor > 1.0 ? darker : lighter) += 1;
    }
    EXPECT_GT(darker, 8);
    EXPECT_GT(lighter, 8);
}

}  // namespace
}  // namespace unet
