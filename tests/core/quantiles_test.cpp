#include "unet/core/quantiles.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

TEST(Quantiles, MedianIsTheMiddle) {
    EXPECT_EQ(median({5.0, 1.0, 3.0}), 3.0);
    EXPECT_EQ(median({4.0, 1.0, 9.0, 2.0}), 3.0);
    EXPECT_EQ(median({}), 0.0);
}

TEST(Quantiles, LieBetweenTheNearestRanks) {
    const std::vector<double> sorted{1.0, 2.0, 4.0, 8.0, 16.0};
    EXPECT_EQ(quantile(sorted, 0.0), 1.0);
    EXPECT_EQ(quantile(sorted, 0.375), 3.0);
    EXPECT_DOUBLE_EQ(quantile(sorted, 0.95), 14.4);  // numpy.quantile
    EXPECT_EQ(quantile(sorted, 1.0), 16.0);
    EXPECT_EQ(quantile(std::vector{7.0}, 0.3), 7.0);
}

TEST(Quantiles, LowerOnesAreValuesThatAreThere) {
    std::vector<float> values{8.0f, 1.0f, 4.0f, 2.0f};
    EXPECT_EQ(lower_quantile(std::span(values), 0.5), 2.0f);
    EXPECT_EQ(lower_quantile(std::span(values), 0.9), 4.0f);
    EXPECT_EQ(upper_median(std::span(values)), 4.0f);
    EXPECT_EQ(median_of(std::span(values)), 3.0);
}

}  // namespace
}  // namespace unet
