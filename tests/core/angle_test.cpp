#include "unet/core/angle.h"

#include <gtest/gtest.h>

#include <cmath>

namespace unet {
namespace {

// The C library's atan2 is the outside reference, good to one unit in the last place of pi (4e-16).
TEST(AngleTest, AgreesWithTheCLibrary) {
    for (double turn = -3.14; turn <= 3.14; turn += 0.0137)
        for (double length : {1e-200, 0.3, 1.0, 7e15}) {
            const double y = length * std::sin(turn), x = length * std::cos(turn);
            ASSERT_NEAR(angle_of(y, x), std::atan2(y, x), 1.5e-15) << y << ' ' << x;
        }
}

TEST(AngleTest, KnowsTheAxes) {
    EXPECT_EQ(angle_of(0.0, 0.0), 0.0);
    EXPECT_EQ(angle_of(0.0, 2.0), 0.0);
    EXPECT_EQ(angle_of(2.0, 0.0), M_PI / 2);
    EXPECT_EQ(angle_of(-2.0, 0.0), -M_PI / 2);
    EXPECT_EQ(angle_of(0.0, -2.0), M_PI);
    EXPECT_NEAR(angle_of(-1.0, -1.0), -3 * M_PI / 4, 1e-15);
}

}  // namespace
}  // namespace unet
