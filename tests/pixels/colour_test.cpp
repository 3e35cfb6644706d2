#include "unet/pixels/colour.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"

namespace unet {
namespace {

Image small(std::int64_t channels, bool rgb) {
    Image image;
    image.size = {1, 1, 2};
    image.channels = channels;
    image.rgb = rgb;
    image.type = SampleType::u8;
    image.spacing = {{0, 0.5, 0.25}, "um"};
    for (std::int64_t i = 0; i < 2 * channels; ++i)
        image.values.push_back(static_cast<float>(i * i));
    return image;
}

TEST(ColourTest, GreyIsTheMean) {
    const Image grey = to_grey(small(3, true));  // (0, 4, 16) and (1, 9, 25)
    EXPECT_EQ(grey.values,
              (std::vector<float>{static_cast<float>(20.0 / 3.0), static_cast<float>(35.0 / 3.0)}));
    EXPECT_EQ(grey.channels, 1);
    EXPECT_FALSE(grey.rgb);
    EXPECT_EQ(grey.type, SampleType::u8);
    EXPECT_TRUE(grey.spacing.known());
}

TEST(ColourTest, GreyThreeTimesAndBackIsTheSame) {
    const Image grey = small(1, false);
    const Image rgb = to_rgb(grey);
    EXPECT_TRUE(rgb.rgb);
    EXPECT_EQ(rgb.values, (std::vector<float>{0, 1, 0, 1, 0, 1}));
    EXPECT_EQ(to_grey(rgb).values, grey.values);
}

TEST(ColourTest, OtherChannelsAreRefused) {
    EXPECT_TRUE(contains(message_of([] { to_grey(small(2, false)); }), "found 2 channels"));
    EXPECT_TRUE(contains(message_of([] { to_rgb(small(3, false)); }), "found 3 channels"));
}

}  // namespace
}  // namespace unet
