#include "unet/evaluate/seg.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

SegSum seg_of(const LabelMap& predicted, const LabelMap& truth) {
    return sum_seg(count_overlaps(predicted.values, truth.values));
}

TEST(SegTest, AReferenceCountsWhenMoreThanHalfOfItIsCovered) {
    EXPECT_EQ(seg_of(map_of({"aa.."}), map_of({"aaaa"})).seg(), 0.0);  // exactly half
    EXPECT_EQ(seg_of(map_of({"aaa."}), map_of({"aaaa"})).seg(), 0.75);
}

TEST(SegTest, OneResultObjectMayServeTwoReferences) {
    EXPECT_EQ(seg_of(map_of({"aaaa"}), map_of({"aabb"})).seg(), 0.5);
}

TEST(SegTest, InventedObjectsDoNotCountAndWithoutReferencesThereIsNone) {
    EXPECT_EQ(seg_of(map_of({"aabb"}), map_of({"aa.."})).seg(), 1.0);
    EXPECT_FALSE(seg_of(map_of({"aabb"}), map_of({"...."})).seg());
}

}  // namespace
}  // namespace unet
