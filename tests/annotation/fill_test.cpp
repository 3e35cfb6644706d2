#include "unet/annotation/fill.h"

#include <gtest/gtest.h>

#include "unet/core/error.h"

namespace unet {
namespace {

Annotation drawn(std::vector<std::vector<Curve>> pieces) {
    Annotation annotation;
    annotation.where = "here";
    annotation.pieces = std::move(pieces);
    return annotation;
}

Curve square(double top, double left, double size) {
    return {{top, left}, {top, left + size}, {top + size, left + size}, {top + size, left}};
}

TEST(FillTest, EdgesOfPixels) {
    const auto runs = filled(drawn({{square(1, 2, 2)}}), 10, 10);
    EXPECT_EQ(runs, (std::vector<PixelRun>{{1, 2, 4}, {2, 2, 4}}));
}

TEST(FillTest, APixelIsInWhereItsMiddleIs) {
    EXPECT_TRUE(filled(drawn({{square(1.6, 1.6, 0.8)}}), 10, 10).empty());
    EXPECT_EQ(filled(drawn({{square(1.4, 1.4, 0.2)}}), 10, 10), (std::vector<PixelRun>{{1, 1, 2}}));
}

TEST(FillTest, InnerCurvesAreHolesAndPiecesAreAdded) {
    EXPECT_EQ(pixels_in(filled(drawn({{square(0, 0, 6), square(2, 2, 2)}}), 9, 9)), 32);
    EXPECT_EQ(pixels_in(filled(drawn({{square(0, 0, 6)}, {square(2, 2, 2)}}), 9, 9)), 36);
    EXPECT_EQ(pixels_in(filled(drawn({{square(0, 0, 3)}, {square(0, 3, 3)}}), 9, 9)), 18);
}

TEST(FillTest, WhatIsBeyondTheImageIsClipped) {
    EXPECT_EQ(pixels_in(filled(drawn({{square(-5, -5, 8)}}), 10, 10)), 9);
    EXPECT_EQ(pixels_in(filled(drawn({{square(-1e8, -1e8, 2e8)}}), 10, 12)), 120);
    EXPECT_EQ(reach_of(drawn({{square(0, 0, 10)}}), 10, 10), Reach::inside);
    EXPECT_EQ(reach_of(drawn({{square(0, 0, 10)}}), 10, 9), Reach::partly);
    EXPECT_EQ(reach_of(drawn({{square(-5, -5, 8)}}), 10, 10), Reach::partly);
    EXPECT_EQ(reach_of(drawn({{square(10, 0, 3)}}), 10, 10), Reach::outside);
    EXPECT_EQ(reach_of(drawn({{square(0, -3, 3)}}), 10, 10), Reach::outside);
}

TEST(FillTest, LinesThatCrossThemselves) {
    const auto place = crossing_in({{{0, 0}, {10, 10}, {0, 10}, {10, 0}}});
    ASSERT_TRUE(place);
    EXPECT_EQ(*place, (PlacePoint{5, 5}));
    EXPECT_TRUE(crossing_in({square(0, 0, 5), square(3, 3, 5)}));
    EXPECT_FALSE(crossing_in({square(0, 0, 6), square(2, 2, 2)}));
    // Touching is no crossing: a hole that is reached by a line there and back.
    EXPECT_FALSE(crossing_in(
        {{{0, 0}, {2, 2}, {2, 4}, {4, 4}, {4, 2}, {2, 2}, {0, 0}, {0, 6}, {6, 6}, {6, 0}}}));
}

TEST(FillTest, RunsOfColumns) {
    Annotation annotation = drawn({});
    annotation.runs = ColumnRuns{3, 2, {1, 3, 2}};
    EXPECT_EQ(filled(annotation, 3, 2), (std::vector<PixelRun>{{0, 1, 2}, {1, 0, 1}, {2, 0, 1}}));
    EXPECT_THROW(filled(annotation, 2, 3), Error);
    for (const std::vector<std::int64_t>& counts :
         {std::vector<std::int64_t>{1, 3}, {1, 3, 3}, {-1, 7}, {INT64_MAX, 3}, {}}) {
        annotation.runs = ColumnRuns{3, 2, counts};
        EXPECT_THROW(filled(annotation, 3, 2), Error);
    }
}

}  // namespace
}  // namespace unet
