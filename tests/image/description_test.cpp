#include "unet/image/tiff/description.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/core/text/units.h"

namespace unet {
namespace {

Description described(std::string_view text, std::int64_t pages, std::int64_t samples = 1) {
    return parse_description(text, pages, samples);
}

/// The page of each slice of channel 0, then of channel 1, ...
std::vector<std::int64_t> pages_of(const PageOrder& order) {
    std::vector<std::int64_t> pages;
    for (std::int64_t c = 0; c < order.channels(); ++c)
        for (std::int64_t z = 0; z < order.times() * order.slices(); ++z)
            pages.push_back(order.page(z, c));
    return pages;
}

using Pages = std::vector<std::int64_t>;

TEST(DescriptionTest, OtherTextMeansOneSliceAPage) {
    for (const char* text :
         {"", "nuclei, 20x", "{\"shape\": [4, 5]", "{\"shape\": [4, 5, 6]}", "<OME>"})
        EXPECT_EQ(pages_of(described(text, 3).order), (Pages{0, 1, 2})) << text;
}

TEST(DescriptionTest, ImageJCountsChannelsFirstThenSlicesThenFrames) {
    const auto found = described(
        "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\nspacing=0.5\nunit=nm\n", 12);
    EXPECT_EQ(pages_of(found.order), (Pages{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}));
    EXPECT_EQ(found.sizes.size[0], 0.5);
    EXPECT_EQ(found.sizes.unit[2], "nm");
}

TEST(DescriptionTest, ImageJColourOf48BitsHasItsChannelsInOnePage) {
    const auto found =
        described("ImageJ=1.53t\nimages=6\nchannels=3\nslices=2\nmode=composite\n", 2, 3);
    EXPECT_EQ(found.order.channels(), 1);
    EXPECT_EQ(found.order.slices(), 2);
}

TEST(DescriptionTest, OmeOrdersItsDimensions) {
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

TEST(DescriptionTest, OmePhysicalSizes) {
    const auto spacing = [](const char* unit) {
        std::string no_length;
        const auto sizes =
            described(fmt::format("<OME><Pixels DimensionOrder=\"XYCZT\" PhysicalSizeX=\"250\" "
                                  "PhysicalSizeXUnit=\"{}\" "
                                  "PhysicalSizeY=\"500\" PhysicalSizeYUnit=\"{}\"/>",
                                  unit, unit),
                      1)
                .sizes;
        return spacing_of(sizes, *length_unit("um"), no_length);
    };
    EXPECT_EQ(spacing("nm"), (Spacing{{0.0, 0.5, 0.25}, "um"}));
    EXPECT_EQ(spacing("\xC2\xB5m"), (Spacing{{0.0, 500.0, 250.0}, "um"}));
    EXPECT_EQ(spacing("&#181;m"), (Spacing{{0.0, 500.0, 250.0}, "um"}));
    EXPECT_EQ(spacing("mm"), (Spacing{{0.0, 500000.0, 250000.0}, "um"}));
    EXPECT_FALSE(spacing("pixel").known());
}

TEST(DescriptionTest, ShapesWithAxesWhereverTheChannelStands) {
    EXPECT_EQ(pages_of(described("{\"shape\": [2, 3, 8, 9], \"axes\": \"CZYX\"}", 6).order),
              (Pages{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(pages_of(described("{\"shape\": [3, 2, 8, 9], \"axes\": \"ZCYX\"}", 6).order),
              (Pages{0, 2, 4, 1, 3, 5}));
    // S are samples of a pixel, even where their planes stand apart in the page.
    EXPECT_EQ(described("{\"shape\": [2, 3, 8, 9], \"axes\": \"CSYX\"}", 2, 3).order.channels(), 2);
    // tifffile.imwrite(..., metadata={"axes": "ZCYX", "temperature": float("nan")})
    EXPECT_EQ(
        pages_of(described("{\"shape\": [3, 2, 8, 9], \"axes\": \"ZCYX\", \"temperature\": NaN}", 6)
                     .order),
        (Pages{0, 2, 4, 1, 3, 5}));
}

TEST(DescriptionTest, ContradictionsAreRefusedRatherThanGuessed) {
    for (const char* text :
         {"ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\n",
          "<OME><Pixels DimensionOrder=\"XYCZT\" SizeC=\"2\" SizeZ=\"3\" SizeT=\"1\">",
          "<OME><Pixels SizeC=\"2\" SizeZ=\"2\">", "<OME><Pixels SizeC=\"9223372036854775807\"",
          "{\"shape\": [3, 2, 8, 9], \"axes\": \"ZCYX\"}",
          "{\"shape\": [\"a\", 2, 8, 9], \"axes\": \"ZCYX\"}"}) {
        const Description found = described(text, 4);
        EXPECT_TRUE(contains(found.fault, "4 page(s)")) << text << found.fault;
        EXPECT_EQ(found.order.slices(), 4) << text;
    }
}

TEST(DescriptionTest, WhatIsWrittenIsUnderstood) {
    const auto found = described(imagej_description(3, 4, {{1.5, 0.5, 0.5}, "um"}, 0.0, 1.0), 12);
    EXPECT_EQ(pages_of(found.order), (Pages{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}));
    EXPECT_EQ(found.sizes.size[0], 1.5);
    EXPECT_EQ(found.sizes.unit[2], "micron");
}

TEST(DescriptionTest, OmeNamesTheDirectoriesOfItsPlanes) {
    const auto ome = [](const char* data) {
        return fmt::format(
            "<OME UUID=\"urn:uuid:1\"><Image><Pixels DimensionOrder=\"XYZCT\" SizeC=\"2\" "
            "SizeT=\"1\" "
            "SizeZ=\"2\"><Channel Name=\"DAPI\"/><Channel Name=\"GFP\"/>{}</Pixels></Image></OME>",
            data);
    };
    // By hand: one element for each plane, in any order; planes from a directory on.
    const auto single = described(
        ome("<TiffData IFD=\"3\"/><TiffData IFD=\"0\" FirstZ=\"1\"/>"
            "<TiffData IFD=\"1\" FirstC=\"1\"/><TiffData IFD=\"2\" FirstC=\"1\" FirstZ=\"1\"/>"),
        4);
    EXPECT_EQ(single.directories, (Pages{3, 0, 1, 2}));
    EXPECT_EQ(single.channel_names, (std::vector<std::string>{"DAPI", "GFP"}));
    EXPECT_EQ(described(ome("<TiffData IFD=\"0\" PlaneCount=\"4\"/>"), 4).directories,
              (Pages{0, 1, 2, 3}));
    EXPECT_EQ(described(ome("<TiffData/>"), 4).directories, (Pages{0, 1, 2, 3}));
    const auto own =
        described(ome("<TiffData><UUID FileName=\"a\">urn:uuid:1</UUID></TiffData>"), 4);
    EXPECT_EQ(own.fault, "");
}

TEST(DescriptionTest, OmePlanesThatAreNotInTheFileAreAFault) {
    const auto fault = [](const char* data) {
        return described(
                   fmt::format("<OME UUID=\"urn:uuid:1\"><Image><Pixels DimensionOrder=\"XYZCT\" "
                               "SizeC=\"1\" SizeT=\"1\" SizeZ=\"3\">{}</Pixels></Image></OME>",
                               data),
                   3)
            .fault;
    };
    EXPECT_TRUE(contains(fault("<TiffData IFD=\"0\" PlaneCount=\"2\"/>"), "1 are not in it"));
    EXPECT_TRUE(contains(fault("<TiffData><UUID FileName=\"b.tif\">urn:uuid:2</UUID></TiffData>"),
                         "in other files"));
    EXPECT_TRUE(
        contains(fault("<TiffData IFD=\"9223372036854775807\" PlaneCount=\"3\"/>"), "3 are"));
    EXPECT_TRUE(
        contains(described("<OME><BinaryOnly MetadataFile=\"a.companion.ome\"/></OME>", 1).fault,
                 "another file"));
}

TEST(DescriptionTest, OfSeveralOmeImagesTheFirstIsMeant) {
    const char* image =
        "<Image><Pixels DimensionOrder=\"XYCZT\" SizeC=\"1\" SizeT=\"1\" "
        "SizeZ=\"{}\"></Pixels></Image>";
    const auto found = described(fmt::format("<OME>{}{}</OME>", fmt::format(fmt::runtime(image), 3),
                                             fmt::format(fmt::runtime(image), 2)),
                                 5);
    EXPECT_EQ(found.images.size(), 2u);
    EXPECT_EQ(found.image, 0u);
    EXPECT_EQ(found.order.slices(), 3);
}

TEST(DescriptionTest, PlanesBehindOneDirectory) {
    EXPECT_EQ(planes_behind("ImageJ=1.53t\nimages=6\nslices=6\n"), 6);
    EXPECT_EQ(planes_behind("{\"shape\": [2, 3, 8, 9], \"axes\": \"TZYX\", \"truncated\": true}"),
              6);
    EXPECT_EQ(planes_behind("{\"shape\": [2, 3, 8, 9], \"axes\": \"TZYX\"}"), 1);
    EXPECT_EQ(planes_behind("{\"shape\": [9000000000, 9000000000, 8, 9], \"axes\": \"TZYX\", "
                            "\"truncated\": true}"),
              1);
    EXPECT_EQ(planes_behind("nuclei"), 1);
}

}  // namespace
}  // namespace unet
