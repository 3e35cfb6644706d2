#include "unet/pixels/draw.h"

#include <gtest/gtest.h>

#include <set>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr Colour white{255, 255, 255};

TEST(DrawTest, LabelColoursAreAllDifferentAndNeverDark) {
    const auto& colours = distinct_colours();
    EXPECT_EQ(std::set<Colour>(colours.begin(), colours.end()).size(), 255u);
    for (const auto& [r, g, b] : colours)
        EXPECT_GE(std::max({r, g, b}), 100) << int{r} << int{g} << int{b};
    EXPECT_EQ(label_colour(0), (Colour{0, 0, 0}));
    EXPECT_EQ(label_colour(1), label_colour(256));
    EXPECT_NE(label_colour(1), label_colour(2));
}

TEST(DrawTest, OutlinesAreTheRimOfEachObject) {
    LabelMap labels;
    labels.size = {1, 5, 6};
    labels.values = {0, 0, 0, 0, 0, 0,  //
                     0, 1, 1, 1, 2, 0,  //
                     0, 1, 1, 1, 2, 0,  //
                     0, 1, 1, 1, 2, 0,  //
                     0, 0, 0, 0, 0, 0};
    RgbImage picture(5, 6);
    draw_outlines(picture, labels, 0, white);
    std::string drawn;
    for (std::int64_t y = 0; y < 5; ++y)
        for (std::int64_t x = 0; x < 6; ++x) drawn += picture.at(y, x) == white ? '#' : '.';
    // The right column of object 1 touches only object 2, which draws the line between them.
    EXPECT_EQ(drawn,
              "......"
              ".####."
              ".#..#."
              ".####."
              "......");
    RgbImage own(5, 6);
    draw_outlines(own, labels);
    EXPECT_EQ(own.at(2, 4), label_colour(2));
    RgbImage other(5, 5);
    EXPECT_THROW(draw_outlines(other, labels), Error);
}

TEST(DrawTest, GreyIsStretchedColourIsNot) {
    Image image;
    image.size = {1, 1, 3};
    image.type = SampleType::u16;
    image.values = {100, 150, 200};
    const RgbImage grey = rgb_image_of(image);
    EXPECT_EQ(grey.at(0, 0), (Colour{0, 0, 0}));
    EXPECT_EQ(grey.at(0, 1), (Colour{127, 127, 127}));  // (150 - 100.2) / 99.6 of 255 = 127.499
    EXPECT_EQ(grey.at(0, 2), white);
    Image rgb{{1, 1, 2}, 3, {9, 200, 0, 255, 30, 7}, SampleType::u8, {}, true};
    const RgbImage coloured = rgb_image_of(rgb);
    EXPECT_EQ(coloured.at(0, 0), (Colour{9, 0, 30}));
    EXPECT_EQ(coloured.at(0, 1), (Colour{200, 255, 7}));
}

TEST(DrawTest, PanelsStandBesideEachOther) {
    const RgbImage pictures[] = {RgbImage(2, 3, white), RgbImage(4, 1, white)};
    const RgbImage row = side_by_side(pictures, 2);
    EXPECT_EQ(row.height, 4);
    EXPECT_EQ(row.width, 6);
    EXPECT_EQ(row.at(1, 2), white);
    EXPECT_NE(row.at(1, 3), white);
    EXPECT_NE(row.at(2, 0), white);
    EXPECT_EQ(row.at(3, 5), white);
    const RgbImage column = stacked(pictures, 2);
    EXPECT_EQ(column.height, 8);
    EXPECT_EQ(column.width, 3);
    EXPECT_EQ(column.at(7, 0), white);
    EXPECT_NE(column.at(7, 1), white);
    EXPECT_EQ(enlarged(row, 3).at(3, 8), white);
    EXPECT_NE(enlarged(row, 3).at(3, 9), white);
    EXPECT_EQ(side_by_side({}).width, 0);
}

TEST(DrawTest, HeatGoesFromBlackToNearlyWhite) {
    const float values[] = {-1, 0, 5, 10, 99};
    const RgbImage heat = heat_image(values, 1, 5, 0, 10);
    EXPECT_EQ(heat.at(0, 0), (Colour{0, 0, 0}));
    EXPECT_EQ(heat.at(0, 1), (Colour{0, 0, 0}));
    EXPECT_EQ(heat.at(0, 2), (Colour{200, 40, 70}));
    EXPECT_EQ(heat.at(0, 3), heat.at(0, 4));
    EXPECT_EQ(heat_image(values, 1, 5, 7, 7).at(0, 0), (Colour{0, 0, 0}));
    EXPECT_THROW(heat_image(values, 2, 5, 0, 1), Error);
}

}  // namespace
}  // namespace unet
