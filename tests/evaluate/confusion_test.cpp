#include "unet/evaluate/confusion.h"

#include <gtest/gtest.h>

#include "tests/testing/errors.h"

namespace unet {
namespace {

using Values = std::vector<std::uint32_t>;

TEST(ConfusionTest, FiguresFollowFromCounts) {
    Confusion confusion;
    confusion.add(Values{0, 0, 1, 1, 2, 2, 4, 4}, Values{0, 1, 1, 1, 2, 0, 0, 0});
    ASSERT_EQ(confusion.classes().size(), 5u);
    EXPECT_EQ(confusion.classes()[1].both, 2);
    EXPECT_DOUBLE_EQ(*confusion.classes()[0].iou(), 1.0 / 5.0);
    EXPECT_DOUBLE_EQ(*confusion.classes()[1].iou(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(*confusion.classes()[1].dice(), 4.0 / 5.0);
    EXPECT_DOUBLE_EQ(*confusion.classes()[4].dice(), 0.0);
    EXPECT_DOUBLE_EQ(*confusion.pixel_error(), 4.0 / 8.0);
    // Over classes 1, 2 and 4: class 3 occurs nowhere, class 0 is background.
    EXPECT_FALSE(confusion.classes()[3].iou());
    EXPECT_DOUBLE_EQ(*confusion.iou(), (2.0 / 3.0 + 1.0 / 2.0 + 0.0) / 3.0);
}

TEST(ConfusionTest, IgnoredPixelsDoNotCount) {
    Confusion confusion;
    confusion.add(Values{1, 1, 0, 9}, Values{1, 255, 255, 255}, 255);
    EXPECT_EQ(confusion.pixels(), 1);
    EXPECT_EQ(confusion.pixel_error(), 0.0);
    EXPECT_EQ(confusion.classes().size(), 2u);
}

TEST(ConfusionTest, WithoutPixelsThereAreNoFigures) {
    Confusion confusion;
    EXPECT_FALSE(confusion.pixel_error());
    EXPECT_FALSE(confusion.iou());
    confusion.add(Values{0, 0}, Values{0, 0});
    EXPECT_FALSE(confusion.dice());
    EXPECT_EQ(confusion.pixel_error(), 0.0);
}

TEST(ConfusionTest, SumsAreCountsOfBoth) {
    Confusion one, other, all;
    one.add(Values{0, 1}, Values{1, 1});
    other.add(Values{3, 1}, Values{1, 3});
    all.add(Values{0, 1, 3, 1}, Values{1, 1, 1, 3});
    one += other;
    ASSERT_EQ(one.classes().size(), all.classes().size());
    for (std::size_t i = 0; i < all.classes().size(); ++i)
        EXPECT_EQ(one.classes()[i].iou(), all.classes()[i].iou()) << i;
    EXPECT_EQ(one.pixel_error(), all.pixel_error());
}

TEST(ConfusionTest, RefusesOtherLengthsAndObjectIds) {
    Confusion confusion;
    EXPECT_THROW(confusion.add(Values{1}, Values{1, 2}), Error);
    const auto message =
        message_of([&] { confusion.add(Values{70000}, Values{1}); }, ErrorCode::invalid_argument);
    EXPECT_TRUE(contains(message, "70000")) << message;
}

}  // namespace
}  // namespace unet
