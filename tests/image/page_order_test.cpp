#include "unet/image/page_order.h"

#include <gtest/gtest.h>

#include "folder.h"

namespace unet {
namespace {

Description described(std::string_view text, std::int64_t pages, std::int64_t samples = 1) {
    return parse_description(text, pages, samples, "a.tif");
}

/// The page of each slice of channel 0, then of channel 1, ...
std::vector<std::int64_t> pages_of(const PageOrder& order) {
    std::vector<std::int64_t> pages;
    for (std::int64_t c = 0; c < order.channels; ++c)
        for (std::int64_t z = 0; z < order.slices; ++z) pages.push_back(order.page(z, c));
    return pages;
}

using Pages = std::vector<std::int64_t>;

TEST(PageOrderTest, OtherTextMeansOneSliceAPage) {
    for (const char* text :
         {"", "nuclei, 20x", "{\"shape\": [4, 5]", "{\"shape\": [4, 5, 6]}", "<OME>"})
        EXPECT_EQ(pages_of(described(text, 3).order), (Pages{0, 1, 2})) << text;
}

TEST(PageOrderTest, ImageJCountsChannelsFirstThenSlicesThenFrames) {
    const auto found = described(
        "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\nspacing=0.5\nunit=nm\n", 12);
    EXPECT_EQ(pages_of(found.order), (Pages{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}));
    EXPECT_EQ(found.spacing.size[0], 0.5);
    EXPECT_EQ(found.unit, "nm");
}

TEST(PageOrderTest, ImageJColourOf48BitsHasItsChannelsInOnePage) {
    const auto found =
        described("ImageJ=1.53t\nimages=6\nchannels=3\nslices=2\nmode=composite\n", 2, 3);
    EXPECT_EQ(found.order.channels, 1);
    EXPECT_EQ(found.order.slices, 2);
}

TEST(PageOrderTest, OmeOrdersItsDimensions) {
    const auto ome = [](const char* order) {
        return fmt::format(
            "<?xml?><OME><Image><Pixels DimensionOrder=\"{}\" SizeC=\"2\" SizeT='2' SizeZ=\"3\">",
            order);
    };
    EXPECT_EQ(pages_of(described(ome("XYCZT"), 12).order),
              (Pages{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}));
    EXPECT_EQ(pages_of(described(ome("XYZTC"), 12).order),
              (Pages{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
    EXPECT_EQ(pages_of(described(ome("XYZCT"), 12).order),
              (Pages{0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11}));
}

TEST(PageOrderTest, OmePhysicalSizes) {
    const auto spacing = [](const char* unit) {
        return described(fmt::format("<OME><Pixels DimensionOrder=\"XYCZT\" PhysicalSizeX=\"250\" "
                                     "PhysicalSizeXUnit=\"{}\" "
                                     "PhysicalSizeY=\"500\" PhysicalSizeYUnit=\"{}\"/>",
                                     unit, unit),
                         1)
            .spacing;
    };
    EXPECT_EQ(spacing("nm"), (Spacing{{0.0, 0.5, 0.25}, "um"}));
    EXPECT_EQ(spacing("\xC2\xB5m"), (Spacing{{0.0, 500.0, 250.0}, "um"}));
    EXPECT_EQ(spacing("&#181;m"), (Spacing{{0.0, 500.0, 250.0}, "um"}));
    EXPECT_EQ(spacing("mm"), (Spacing{{0.0, 500000.0, 250000.0}, "um"}));
    EXPECT_FALSE(spacing("pixel").known());
}

TEST(PageOrderTest, ShapesWithAxesWhereverTheChannelStands) {
    EXPECT_EQ(pages_of(described("{\"shape\": [2, 3, 8, 9], \"axes\": \"CZYX\"}", 6).order),
              (Pages{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(pages_of(described("{\"shape\": [3, 2, 8, 9], \"axes\": \"ZCYX\"}", 6).order),
              (Pages{0, 2, 4, 1, 3, 5}));
    // S are samples of a pixel, even where their planes stand apart in the page.
    EXPECT_EQ(described("{\"shape\": [2, 3, 8, 9], \"axes\": \"CSYX\"}", 2, 3).order.channels, 2);
}

TEST(PageOrderTest, ContradictionsAreRefusedRatherThanGuessed) {
    for (const char* text :
         {"ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\n",
          "<OME><Pixels DimensionOrder=\"XYCZT\" SizeC=\"2\" SizeZ=\"3\" SizeT=\"1\">",
          "<OME><Pixels SizeC=\"2\" SizeZ=\"2\">", "<OME><Pixels SizeC=\"9223372036854775807\"",
          "{\"shape\": [3, 2, 8, 9], \"axes\": \"ZCYX\"}",
          "{\"shape\": [\"a\", 2, 8, 9], \"axes\": \"ZCYX\"}"}) {
        const auto message = message_of([&] { described(text, 4); });
        EXPECT_TRUE(contains(message, "'a.tif'")) << text;
        EXPECT_TRUE(contains(message, "4 page(s)")) << text << message;
    }
}

TEST(PageOrderTest, WhatIsWrittenIsUnderstood) {
    const PageOrder order{3, 4, 1};
    const auto text = imagej_description(order, {{1.5, 0.5, 0.5}, "um"}, 0.0, 1.0);
    const auto found = described(text, 12);
    EXPECT_EQ(pages_of(found.order), pages_of(order));
    EXPECT_EQ(found.spacing.size[0], 1.5);
    EXPECT_EQ(found.unit, "um");
}

}  // namespace
}  // namespace unet
