#include "unet/evaluate/aji.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

Overlaps overlaps_of(const LabelMap& predicted, const LabelMap& truth) {
    return count_overlaps(predicted.values, truth.values);
}

TEST(AjiTest, WhatIsNotPairedAddsToTheUnion) {
    const Overlaps overlaps = overlaps_of(map_of({"aaa..cc"}), map_of({"aa.b..."}));
    EXPECT_DOUBLE_EQ(*sum_aji(overlaps).aji(), 2.0 / (3.0 + 1.0 + 2.0));
}

TEST(AjiTest, OneObjectMayServeTwoButNotInThePlusForm) {
    const Overlaps overlaps = overlaps_of(map_of({"aaaaa"}), map_of({"aaabb"}));
    EXPECT_DOUBLE_EQ(*sum_aji(overlaps).aji(), 5.0 / 10.0);
    EXPECT_DOUBLE_EQ(*sum_aji_plus(overlaps).aji(), 3.0 / (5.0 + 2.0));
}

TEST(AjiTest, WithoutObjectsThereIsNone) {
    EXPECT_FALSE(sum_aji(overlaps_of(map_of({".."}), map_of({".."}))).aji());
    EXPECT_EQ(sum_aji(overlaps_of(map_of({"a."}), map_of({".."}))).aji(), 0.0);
}

}  // namespace
}  // namespace unet
