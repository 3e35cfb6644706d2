#include "unet/core/math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace unet {
namespace {

// The C library's double functions are the outside reference; they are good to one unit in the last
// place, so 1e-14 leaves room for ours alone.
TEST(MathTest, ExponentialAgreesWithTheCLibrary) {
    for (double x = -700.0; x <= 700.0; x += 0.37)
        ASSERT_NEAR(exp_of(x) / std::exp(x), 1.0, 1e-14) << x;
    EXPECT_EQ(exp_of(0.0), 1.0);
    EXPECT_EQ(exp_of(-1000.0), 0.0);
    EXPECT_TRUE(std::isinf(exp_of(1000.0)));
    EXPECT_TRUE(std::isnan(exp_of(std::nan(""))));
}

TEST(MathTest, LogarithmAgreesWithTheCLibrary) {
    for (double x = 1e-300; x < 1e300; x *= 1.7)
        ASSERT_NEAR(log_of(x), std::log(x), 1e-14 * std::max(1.0, std::fabs(std::log(x)))) << x;
    EXPECT_EQ(log_of(1.0), 0.0);
    EXPECT_TRUE(std::isinf(log_of(0.0)));
    EXPECT_TRUE(std::isnan(log_of(-1.0)));
}

TEST(MathTest, SineAndCosineAgreeWithTheCLibrary) {
    for (double x = -1000.0; x <= 1000.0; x += 0.173) {
        ASSERT_NEAR(sin_of(x), std::sin(x), 1e-12) << x;
        ASSERT_NEAR(cos_of(x), std::cos(x), 1e-12) << x;
    }
}

TEST(MathTest, PowerAgreesWithTheCLibrary) {
    for (double base : {0.1, 0.5, 0.999, 1.0, 3.0})
        for (double exponent : {-3.0, 0.0, 0.9, 200.0})
            EXPECT_NEAR(power_of(base, exponent) / std::pow(base, exponent), 1.0, 1e-11)
                << base << ' ' << exponent;
}

}  // namespace
}  // namespace unet
