#include "unet/evaluate/object_errors.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

Overlaps overlaps_of(const LabelMap& predicted, const LabelMap& truth) {
    return count_overlaps(predicted.values, truth.values);
}

TEST(ObjectErrors, APredictionThatHoldsTwoObjectsMergesThem) {
    const auto errors = count_errors(overlaps_of(map_of({"aaaaaa.c"}), map_of({"aaabbb.c"})));
    EXPECT_EQ(errors.merged, 2);
    EXPECT_EQ(errors.merging, 1);
    EXPECT_EQ(errors.matched, 1);
    EXPECT_EQ(errors.split + errors.missed + errors.pieces + errors.invented, 0);
}

TEST(ObjectErrors, AnObjectInTwoPredictionsIsSplit) {
    const auto errors = count_errors(overlaps_of(map_of({"aaabbb.c"}), map_of({"aaaaaa.c"})));
    EXPECT_EQ(errors.split, 1);
    EXPECT_EQ(errors.pieces, 2);
    EXPECT_EQ(errors.matched, 1);
    EXPECT_EQ(errors.true_objects(), 2);
    EXPECT_EQ(errors.predicted_objects(), 3);
}

// Exactly half is not more than half, on either side.
TEST(ObjectErrors, HalfOfAnObjectIsNotEnough) {
    const auto half = count_errors(overlaps_of(map_of({"..aaaa"}), map_of({"aaaa.."})));
    EXPECT_EQ(half.missed, 1);
    EXPECT_EQ(half.invented, 1);
    const auto more = count_errors(overlaps_of(map_of({".aaaa."}), map_of({"aaaa.."})));
    EXPECT_EQ(more.matched, 1);
    // Small within large: more than half of the small one is enough, whatever the IoU.
    const auto inside = count_errors(overlaps_of(map_of({"a......"}), map_of({"aaaaaaa"})));
    EXPECT_EQ(inside.matched, 1);
}

// The true b lies in two predictions, one of which holds c too.
TEST(ObjectErrors, WhatIsSplitAndMergedCountsOnceOnEachSide) {
    const auto overlaps = overlaps_of(map_of({"aaabbbbb"}), map_of({"bbbbbbcc"}));
    const ObjectFates fates = fates_of(overlaps);
    EXPECT_EQ(fates.truth, (std::vector{ObjectFate::split, ObjectFate::merged}));
    EXPECT_EQ(fates.predicted, (std::vector{ObjectFate::split, ObjectFate::merged}));
}

TEST(ObjectErrors, CountsOfImagesAddUp) {
    ObjectErrors sum = count_errors(overlaps_of(map_of({"a."}), map_of({".a"})));
    sum += count_errors(overlaps_of(map_of({"ab"}), map_of({"aa"})));
    EXPECT_EQ(sum.missed, 1);
    EXPECT_EQ(sum.invented, 1);
    EXPECT_EQ(sum.split, 1);
    EXPECT_EQ(sum.pieces, 2);
}

}  // namespace
}  // namespace unet
