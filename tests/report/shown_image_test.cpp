#include "unet/report/shown_image.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../objects/maps.h"
#include "unet/core/error.h"

namespace unet {
namespace {

TEST(ShownImage, OutlinesKnowTheFateOfTheirObjects) {
    const LabelMap predicted = map_of({"aaaa....", "......b."}),
                   truth = map_of({"aabb..c.", "........"});
    const ShownImage shown = show_image("x", nullptr, {predicted, &truth});
    ASSERT_EQ(shown.truth.size(), 3u);
    EXPECT_EQ(shown.truth[0].fate, ObjectFate::merged);
    EXPECT_EQ(shown.truth[2].fate, ObjectFate::missed);
    ASSERT_EQ(shown.predicted.size(), 2u);
    EXPECT_EQ(shown.predicted[1].fate, ObjectFate::invented);
    EXPECT_TRUE(shown.wrong_pixels.empty());
}

TEST(ShownImage, ClassesShowTheirWrongPixelsButNotIgnoredOnes) {
    const LabelMap predicted = map_of({"aa.b"});
    LabelMap truth = map_of({"a..."});
    truth.values[3] = 255;
    const ShownImage shown =
        show_image("x", nullptr, {predicted, &truth, LabelKind::classes, 255u});
    EXPECT_EQ(shown.wrong_pixels, (std::vector<std::uint8_t>{0, 1, 0, 0}));
    ASSERT_EQ(shown.truth.size(), 1u) << "ignored pixels have no outline";
}

// One wrong object far down in the second slice of a large stack.
TEST(ShownImage, TheWorstPartOfTheWorstSliceIsShown) {
    LabelMap truth{{2, 1500, 900}, {}, {}};
    truth.values.assign(truth.size.elements(), 0);
    LabelMap predicted = truth;
    truth.values[(1500 + 1400) * 900 + 850] = 7;
    const ShownImage shown = show_image("x", nullptr, {predicted, &truth});
    EXPECT_EQ(shown.region.z, 1);
    EXPECT_EQ(shown.region.size, (Size3{1, shown_edge, shown_edge}));
    EXPECT_LE(shown.region.y, 1400);
    EXPECT_GT(shown.region.y + shown_edge, 1400);
    EXPECT_GT(shown.region.x + shown_edge, 850);
    EXPECT_LE(shown.region.y + shown_edge, 1500);
    ASSERT_EQ(shown.truth.size(), 1u);
    EXPECT_EQ(shown.truth[0].outline.pieces[0].rings[0][0].y, 1400 - shown.region.y);
}

TEST(ShownImage, VeryManyCornersMakeThePartSmaller) {
    const LabelMap specks = drawn_map(1, {1, 512, 512}, 1, 1000, 50);
    const ShownImage shown = show_image("x", nullptr, {specks});
    EXPECT_LT(shown.region.size.height, shown_edge);
    EXPECT_EQ(shown.drawn.height, shown.region.size.height);
}

TEST(ShownImage, SizesMustAgree) {
    const LabelMap small = map_of({"aa"}), large = map_of({"aaa"});
    Image image;
    image.size = large.size;
    image.values.assign(3, 0.0f);
    EXPECT_THROW(show_image("x", nullptr, {small, &large}), Error);
    EXPECT_THROW(show_image("x", &image, {small}), Error);
}

}  // namespace
}  // namespace unet
