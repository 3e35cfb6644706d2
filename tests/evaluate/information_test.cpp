#include "unet/evaluate/information.h"

#include <gtest/gtest.h>

#include <cmath>

#include "../objects/maps.h"

namespace unet {
namespace {

constexpr double rounding = 1e-14;

Information information_of(const LabelMap& predicted, const LabelMap& truth) {
    return shared_information(count_overlaps(predicted.values, truth.values));
}

TEST(InformationTest, MergingAndSplittingAreToldApart) {
    const Information merged = information_of(map_of({"aabb"}), map_of({"abcc"}));
    EXPECT_NEAR(merged.truth, 1.5 * std::log(2.0), rounding);
    EXPECT_NEAR(merged.predicted, std::log(2.0), rounding);
    EXPECT_NEAR(merged.variation(), 0.5 * std::log(2.0), rounding);
    EXPECT_NEAR(merged.merge(), 2.0 / 3.0, rounding);
    EXPECT_NEAR(merged.split(), 1.0, rounding);
    EXPECT_NEAR(merged.score(), 0.8, rounding);
    const Information split = information_of(map_of({"abcc"}), map_of({"aabb"}));
    EXPECT_NEAR(split.merge(), 1.0, rounding);
    EXPECT_NEAR(split.split(), 2.0 / 3.0, rounding);
}

TEST(InformationTest, PredictedBackgroundIsAPixelForItself) {
    EXPECT_NEAR(information_of(map_of({"..aa"}), map_of({"bbaa"})).variation(),
                information_of(map_of({"bcaa"}), map_of({"bbaa"})).variation(), rounding);
}

TEST(InformationTest, OneSegmentAloneHoldsNone) {
    EXPECT_EQ(information_of(map_of({"aaaa"}), map_of({"aabb"})).score(), 0.0);
    EXPECT_EQ(information_of(map_of({"aabb"}), map_of({"aaaa"})).score(), 0.0);
    EXPECT_EQ(information_of(map_of({"aabb"}), map_of({"...."})).score(), 0.0);
}

}  // namespace
}  // namespace unet
