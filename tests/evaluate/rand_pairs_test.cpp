#include "unet/evaluate/rand_pairs.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

RandPairs pairs_of(const LabelMap& predicted, const LabelMap& truth) {
    return count_pairs(count_overlaps(predicted.values, truth.values));
}

TEST(RandPairsTest, MergingCostsPrecisionAndSplittingRecall) {
    const RandPairs merged = pairs_of(map_of({"aaaa"}), map_of({"aabb"}));
    EXPECT_EQ(merged.precision(), 0.5);  // 2^2 + 2^2 of 4^2 pairs
    EXPECT_EQ(merged.recall(), 1.0);
    EXPECT_DOUBLE_EQ(merged.f1(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(merged.error(), 8.0 / 12.0);  // of the pairs of two pixels
    const RandPairs split = pairs_of(map_of({"aabb"}), map_of({"aaaa"}));
    EXPECT_EQ(split.precision(), 1.0);
    EXPECT_EQ(split.recall(), 0.5);
}

TEST(RandPairsTest, PixelsOutsideTrueSegmentsDoNotCount) {
    EXPECT_EQ(pairs_of(map_of({"aabbaa"}), map_of({"aa..bb"})).pixels, 4);
    EXPECT_EQ(pairs_of(map_of({"aaccbb"}), map_of({"aa..bb"})).error(), 0.0);
}

TEST(RandPairsTest, PredictedBackgroundJoinsNoPair) {
    const RandPairs pairs = pairs_of(map_of({".."}), map_of({"aa"}));
    EXPECT_EQ(pairs.predicted, 2.0);  // each pixel with itself
    EXPECT_EQ(pairs.recall(), 0.5);
}

TEST(RandPairsTest, WithoutATrueSegmentThereIsNoScore) {
    EXPECT_EQ(pairs_of(map_of({"aa"}), map_of({".."})).f1(), 0.0);
    EXPECT_EQ(pairs_of(map_of({"aa"}), map_of({".."})).error(), 0.0);
}

TEST(RandPairsTest, PairsOfSlicesAddUp) {
    RandPairs sum = pairs_of(map_of({"aaaa"}), map_of({"aabb"}));
    sum += pairs_of(map_of({"aabb"}), map_of({"aabb"}));
    EXPECT_EQ(sum.both, 16.0);
    EXPECT_EQ(sum.precision(), 16.0 / 24.0);
}

}  // namespace
}  // namespace unet
