#include "unet/train/schedule.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

// Expected values by hand: cos 60 degrees = 1/2; 0.5^0.9 and 0.1^0.9 from any table of logarithms.
TEST(Schedule, FallsAsItsFormulaSays) {
    const ScheduleOptions cosine{ScheduleKind::cosine, 0};
    EXPECT_DOUBLE_EQ(rate_factor(cosine, 0, 0.0), 1.0);
    EXPECT_NEAR(rate_factor(cosine, 7, 1.0 / 3.0), 0.75, 1e-12);
    EXPECT_NEAR(rate_factor(cosine, 7, 0.5), 0.5, 1e-12);
    EXPECT_NEAR(rate_factor(cosine, 9, 1.0), 0.0, 1e-12);
    const ScheduleOptions poly{ScheduleKind::poly, 0};
    EXPECT_NEAR(rate_factor(poly, 3, 0.5), 0.535886731268146, 1e-12);
    EXPECT_NEAR(rate_factor(poly, 3, 0.9), 0.125892541179417, 1e-12);
    EXPECT_EQ(rate_factor(poly, 3, 1.0), 0.0);
    EXPECT_EQ(rate_factor({ScheduleKind::constant, 0}, 3, 0.9), 1.0);
}

TEST(Schedule, WarmUpClimbsLinearlyToIt) {
    const ScheduleOptions options{ScheduleKind::constant, 4};
    EXPECT_EQ(rate_factor(options, 0, 0.0), 0.25);
    EXPECT_EQ(rate_factor(options, 2, 0.5), 0.75);
    EXPECT_EQ(rate_factor(options, 3, 0.5), 1.0);
    EXPECT_EQ(rate_factor(options, 4, 0.5), 1.0);
    EXPECT_NEAR(rate_factor({ScheduleKind::cosine, 4}, 1, 0.5), 0.25, 1e-12);
}

// A budget may be overrun by the last step: the rate must not turn negative or climb again.
TEST(Schedule, StaysAtItsEndBeyondIt) {
    EXPECT_NEAR(rate_factor({ScheduleKind::cosine, 0}, 3, 1.2), 0.0, 1e-12);
    EXPECT_EQ(rate_factor({ScheduleKind::poly, 0}, 3, 1.2), 0.0);
}

}  // namespace
}  // namespace unet
