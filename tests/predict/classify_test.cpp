#include "unet/predict/classify.h"

#include <gtest/gtest.h>

#include <vector>

#include "unet/core/math.h"
#include "unet/core/random.h"

namespace unet::predict {
namespace {

// scipy.special.softmax of three pixels of three classes
TEST(ClassifyTest, SoftmaxIsThatOfScipy) {
    std::vector<float> logits{0.3f, 100, -0.001f, -1.2f, -100, 0, 2.5f, 99.5f, 0};
    softmax({logits.data(), 3, 3, 3});
    const double expected[]{0.09757864772562469,  0.6224593312018546,    0.33311114816048865,
                            0.021772739294085852, 8.614193064851191e-88, 0.33344442591975565,
                            0.8806486129802894,   0.37754066879814546,   0.33344442591975565};
    for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(logits[i], expected[i], 3e-7) << i;
}

// exp has an error of 2e-7, the sum of K of them no more, a quotient the sum of both and a
// rounding; the difference x of two logits is rounded too, which changes e^x by up to |x| 2^-24.
TEST(ClassifyTest, SoftmaxFollowsTheFormulaForAnyRangeOfLogits) {
    Random random(3, Purpose::test);
    for (std::int64_t classes = 2; classes <= 5; ++classes)
        for (const float spread : {0.01f, 1.0f, 30.0f, 300.0f}) {
            constexpr std::int64_t pixels = 700;  // more than two chunks and not a multiple
            std::vector<float> logits(classes * pixels);
            for (float& value : logits) value = random.uniform(-spread, spread);
            std::vector<float> result = logits;
            softmax({result.data(), classes, pixels, pixels});
            for (std::int64_t i = 0; i < pixels; ++i) {
                double largest = -1e30, sum = 0.0, total = 0.0;
                for (std::int64_t k = 0; k < classes; ++k)
                    largest = std::max<double>(largest, logits[k * pixels + i]);
                for (std::int64_t k = 0; k < classes; ++k)
                    sum += exp_of(logits[k * pixels + i] - largest);
                for (std::int64_t k = 0; k < classes; ++k) {
                    const double x = logits[k * pixels + i] - largest;
                    const double expected = exp_of(x) / sum;
                    const double error = 5e-7 - x * 0x1p-24;
                    // below e^-87 = 1.6e-38 probabilities are not told apart
                    ASSERT_NEAR(result[k * pixels + i], expected, error * expected + 2e-38);
                    total += result[k * pixels + i];
                }
                ASSERT_NEAR(total, 1.0, 1e-6);
            }
        }
}

TEST(ClassifyTest, OnePixelDependsOnItsLogitsAlone) {
    std::vector<float> all(2 * 600), one(2);
    Random random(4, Purpose::test);
    for (float& value : all) value = random.uniform(-9, 9);
    std::vector<float> result = all;
    softmax({result.data(), 2, 600, 600});
    for (std::size_t i = 0; i < 600; ++i) {
        one = {all[i], all[600 + i]};
        softmax({one.data(), 2, 1, 1});
        ASSERT_EQ(one[0], result[i]) << i;
        ASSERT_EQ(one[1], result[600 + i]) << i;
    }
}

TEST(ClassifyTest, TiesGoToTheSmallerClass) {
    std::vector<float> logits{1, 2, -5, 7, /**/ 1, 3, -5, 7, /**/ 0, 3, -4, 7};
    std::vector<float> labels(4, -1.0f);
    largest_class({logits.data(), 3, 4, 4}, labels.data());
    EXPECT_EQ(labels, (std::vector<float>{0, 1, 2, 0}));
}

TEST(ClassifyTest, ForegroundIsAboveTheThresholdNotAtIt) {
    std::vector<float> probabilities{0.5f, 0.25f, 0.75f, /**/ 0.5f, 0.75f, 0.25f};
    std::vector<float> labels(3, -1.0f);
    above_threshold({probabilities.data(), 2, 3, 3}, 0.5, labels.data());
    EXPECT_EQ(labels, (std::vector<float>{0, 1, 0}));
}

TEST(ClassifyTest, WithABoundaryForegroundIsWhatIsNotBackground) {
    // Background, interior and boundary of five pixels; the third lies on the threshold.
    std::vector<float> probabilities = {0.75f, 0.25f,  0.5f, 0.25f, 0.0f,   //
                                        0.2f,  0.625f, 0.5f, 0.5f,  0.25f,  //
                                        0.05f, 0.125f, 0.0f, 0.25f, 0.75f};
    within_boundary({probabilities.data(), 3, 5, 5}, 0.5, probabilities.data());
    const std::vector<float> expected = {0, 1, 0, 2, 2};
    EXPECT_EQ(std::vector<float>(probabilities.begin(), probabilities.begin() + 5), expected);
}

}  // namespace
}  // namespace unet::predict
