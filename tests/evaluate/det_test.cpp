#include "unet/evaluate/det.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

DetCounts detections(const LabelMap& predicted, const LabelMap& truth) {
    return count_detections(count_overlaps(predicted.values, truth.values));
}

TEST(DetTest, AResultThatCoversTwoReferencesNeedsASplit) {
    const DetCounts counts = detections(map_of({"aaaa"}), map_of({"aabb"}));
    EXPECT_EQ(counts.needed_splits, 1);
    EXPECT_EQ(counts.false_negatives, 0);
    EXPECT_DOUBLE_EQ(*counts.det(), 1.0 - 5.0 / 20.0);
}

TEST(DetTest, HalfCoveredIsNotFound) {
    const DetCounts counts = detections(map_of({"aa.."}), map_of({"bbbb"}));
    EXPECT_EQ(counts.false_negatives, 1);
    EXPECT_EQ(counts.false_positives, 1);
    EXPECT_EQ(counts.det(), 0.0);  // no worse than an empty result
}

TEST(DetTest, InventedObjectsCostATenthOfMissedOnes) {
    EXPECT_DOUBLE_EQ(*detections(map_of({"aa.b"}), map_of({"aa.."})).det(), 0.9);
}

TEST(DetTest, WithoutReferencesThereIsNone) {
    EXPECT_FALSE(detections(map_of({"aa"}), map_of({".."})).det());
}

}  // namespace
}  // namespace unet
