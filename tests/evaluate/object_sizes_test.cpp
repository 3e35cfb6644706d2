#include "unet/evaluate/object_sizes.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

SizedObjects objects_of(const LabelMap& predicted, const LabelMap& truth) {
    return sized_objects(count_overlaps(predicted.values, truth.values));
}

TEST(ObjectSizesTest, TrueAndPredictedObjectsCountByTheirOwnSize) {
    const SizedObjects objects =
        objects_of(map_of({"a..bbb.cccccccd"}), map_of({"a.eebbbccccccc."}));
    const auto sizes = by_size(objects, {2, 5});
    EXPECT_EQ(sizes[0].true_objects, 1);
    EXPECT_EQ(sizes[0].found, 1);
    EXPECT_EQ(sizes[0].predicted_objects, 2);
    EXPECT_EQ(sizes[0].wrong, 1);
    EXPECT_EQ(sizes[0].precision(), 0.5);
    EXPECT_EQ(sizes[1].true_objects, 2);
    EXPECT_EQ(sizes[1].recall(), 0.5);
    EXPECT_EQ(sizes[1].mean_iou(), 0.25);
    EXPECT_EQ(sizes[2].mean_iou(), 1.0);
}

TEST(ObjectSizesTest, TertilesDivideTheTrueObjects) {
    SizedObjects objects;
    for (const int pixels : {60, 10, 50, 20, 40, 30}) objects.truth.push_back({pixels, 0.0});
    const auto limits = tertiles(objects);
    EXPECT_EQ(limits, (std::array<std::int64_t, 2>{30, 50}));
    for (const SizeClass& size : by_size(objects, limits)) EXPECT_EQ(size.true_objects, 2);
}

TEST(ObjectSizesTest, WithoutObjectsNothingIsDefined) {
    const auto sizes = by_size({}, tertiles({}));
    EXPECT_FALSE(sizes[0].recall());
    EXPECT_FALSE(sizes[2].precision());
}

}  // namespace
}  // namespace unet
