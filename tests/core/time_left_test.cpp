#include "unet/core/time_left.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

/// Steps `first` to `last` of `steps`, each of `seconds`, the first of them at second `start`.
TimeLeft after(double start, double seconds, int first, int last, int steps) {
    TimeLeft left;
    for (int step = first; step <= last; ++step)
        left.reached(start + seconds * (step - first), static_cast<double>(step) / steps);
    return left;
}

// 14,000 steps of 40 ms behind 10 s of reading: "38 h 53 min" was said after the first one.
TEST(TimeLeft, SaysNothingBeforeItKnows) {
    EXPECT_FALSE(TimeLeft().seconds());
    EXPECT_FALSE(after(10.0, 0.04, 1, 1, 14000).seconds());
    EXPECT_FALSE(after(10.0, 0.04, 1, 100, 14000).seconds());  // 4 s
    EXPECT_FALSE(after(10.0, 10.0, 1, 9, 14000).seconds());    // 9 steps
}

TEST(TimeLeft, CountsFromTheFirstStepOn) {
    EXPECT_NEAR(*after(10.0, 0.04, 1, 200, 14000).seconds(), 13800 * 0.04, 1e-6);
    EXPECT_NEAR(*after(3600.0, 1.0, 1, 20, 100).seconds(), 80.0, 1e-6);
    // Half of the work was done by an earlier command, in no time of this one.
    EXPECT_NEAR(*after(5.0, 1.0, 500, 520, 1000).seconds(), 480.0, 1e-6);
}

TEST(TimeLeft, FewLongStepsDo) {
    EXPECT_NEAR(*after(0.0, 60.0, 1, 2, 3).seconds(), 60.0, 1e-6);
    EXPECT_EQ(*after(0.0, 60.0, 1, 3, 3).seconds(), 0.0);
}

}  // namespace
}  // namespace unet
