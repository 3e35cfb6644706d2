#include "unet/image/contents/pixel_size.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/core/text/units.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/image/file_sink.h"
#include "unet/image/format.h"
#include "unet/image/read.h"
#include "unet/image/tiff/description.h"

namespace unet {
namespace {

ImageInfo info_of(const std::string& name) {
    return read_image_info(test_files().parent_path() / "said" / ("unit_" + name + ".tif"));
}

Spacing square(double size, const char* unit) { return {{0.0, size, size}, unit}; }

TEST(PixelSizeTest, ImageJsUnitsAreLengths) {
    EXPECT_EQ(info_of("cm").spacing, square(0.5, "um"));
    EXPECT_EQ(info_of("micrometers").spacing, square(0.5, "um"));
    EXPECT_EQ(info_of("latin1").spacing, square(0.5, "um"));
    EXPECT_EQ(info_of("inch").spacing, square(0.5, "um"));
    EXPECT_EQ(info_of("nm").spacing, square(500.0, "nm"));
    EXPECT_EQ(info_of("angstrom").spacing, square(0.5, "um"));
    const Spacing each = info_of("of_each").spacing;
    EXPECT_EQ(each, (Spacing{{2.0, 0.5, 0.5}, "um"}));
}

TEST(PixelSizeTest, WhatIsNoLengthIsSaid) {
    for (const char* unit : {"pixel", "sec"}) {
        const ImageInfo info = info_of(unit);
        EXPECT_FALSE(info.spacing.known()) << unit;
        EXPECT_EQ(info.unread_unit, unit);
        const auto notes = info.notes;
        ASSERT_EQ(notes.size(), 1u) << unit;
        EXPECT_TRUE(contains(notes[0], fmt::format("is {}, which is no length; `spacing`", unit)));
    }
    EXPECT_TRUE(info_of("none").unread_unit.empty());
    EXPECT_FALSE(info_of("none").spacing.known());
}

TEST(PixelSizeTest, ResolutionsOfPrintersAreNone) {
    for (const char* name : {"inch300", "cm118"}) {
        EXPECT_FALSE(info_of(name).spacing.known()) << name;
        EXPECT_EQ(info_of(name).print_resolution, 300.0) << name;
        EXPECT_TRUE(contains(why_no_spacing(info_of(name)), "300 dots per inch")) << name;
    }
    double print = 0.0;
    for (const double dots : {72.0, 96.0, 300.0})
        EXPECT_FALSE(spacing_of_resolution(dots / 0.0254, dots / 0.0254, print).known());
    EXPECT_EQ(spacing_of_resolution(2e6, 1e6, print), (Spacing{{0.0, 0.5, 1.0}, "um"}));
}

/// The units of OME-XML 2016-06 (UnitsLength) and how many micrometres each is.
TEST(PixelSizeTest, OmeKnowsAllOfItsUnits) {
    const auto spacing = [](const char* unit, std::string& no_length) {
        const auto text = fmt::format(
            "<OME><Image><Pixels DimensionOrder=\"XYCZT\" PhysicalSizeX=\"2\" "
            "PhysicalSizeXUnit=\"{0}\" PhysicalSizeY=\"2\" PhysicalSizeYUnit=\"{0}\" "
            "PhysicalSizeZ=\"200\" PhysicalSizeZUnit=\"nm\"/></Image></OME>",
            unit);
        return spacing_of(parse_description(text, 1, 1).sizes, *length_unit("um"), no_length);
    };
    constexpr std::pair<const char*, double> units[] = {{"Ym", 1e30},
                                                        {"Zm", 1e27},
                                                        {"Em", 1e24},
                                                        {"Pm", 1e21},
                                                        {"Tm", 1e18},
                                                        {"Gm", 1e15},
                                                        {"Mm", 1e12},
                                                        {"km", 1e9},
                                                        {"hm", 1e8},
                                                        {"dam", 1e7},
                                                        {"m", 1e6},
                                                        {"dm", 1e5},
                                                        {"cm", 1e4},
                                                        {"mm", 1e3},
                                                        {"\xC2\xB5m", 1.0},
                                                        {"nm", 1e-3},
                                                        {"pm", 1e-6},
                                                        {"fm", 1e-9},
                                                        {"am", 1e-12},
                                                        {"zm", 1e-15},
                                                        {"ym", 1e-18},
                                                        {"\xC3\x85", 1e-4},
                                                        {"thou", 25.4},
                                                        {"li", 25400.0 / 12},
                                                        {"in", 25400.0},
                                                        {"ft", 304800.0},
                                                        {"yd", 914400.0},
                                                        {"mi", 1609344000.0},
                                                        {"ua", 1.495978707e17},
                                                        {"ly", 9.4607304725808e21},
                                                        {"pc", 3.085677581491367e22},
                                                        {"pt", 25400.0 / 72}};
    for (const auto& [unit, micrometres] : units) {
        std::string no_length;
        const Spacing found = spacing(unit, no_length);
        EXPECT_DOUBLE_EQ(found.size[2], 2 * micrometres) << unit;
        EXPECT_DOUBLE_EQ(found.size[0], 0.2) << unit;
        EXPECT_EQ(no_length, "") << unit;
    }
    for (const char* unit : {"pixel", "reference frame"}) {
        std::string no_length;
        EXPECT_FALSE(spacing(unit, no_length).known()) << unit;
        EXPECT_EQ(no_length, unit);
    }
}

class WrittenSizeTest : public FolderTest {};

TEST_F(WrittenSizeTest, IsReadBackWhateverItsUnit) {
    for (const char* name : {"tif", "ome-tif", "ome-zarr", "nifti"})
        for (const char* unit : {"um", "nm", "mm", "cm", "in", "m", "pm", "ft", "dm"}) {
            const Format& format = format_named(name);
            FileShape shape;
            shape.size = {2, 3, 4};
            shape.type = SampleType::u8;
            shape.spacing = {
                {0.2 / metres_per_unit(unit) * 1e-6, 0.5 / metres_per_unit(unit) * 1e-6,
                 0.25 / metres_per_unit(unit) * 1e-6},
                unit};
            const auto path = folder / fmt::format("{}{}", unit, format.ending);
            const auto sink = format.create(path, shape, 1);
            sink->write({0, 0, 0, shape.size}, std::vector<float>(24, 1.0f));
            sink->finish();
            const ImageInfo info = read_image_info(path);
            // TIFF has pixels a unit as a fraction of two numbers of 32 bits.
            constexpr double micrometres[] = {0.2, 0.5, 0.25};
            for (std::size_t axis = 0; axis < 3; ++axis)
                EXPECT_NEAR(info.spacing.size[axis] * metres_per_unit(info.spacing.unit) * 1e6,
                            micrometres[axis], 5e-4 * micrometres[axis])
                    << name << " " << unit << " " << axis;
        }
}

TEST_F(WrittenSizeTest, WithoutAUnitIsNone) {
    for (const char* unit : {"furlong", ""}) {
        FileShape shape;
        shape.size = {1, 3, 4};
        shape.spacing = {{0.0, 0.5, 0.5}, unit};
        const auto path = folder / "a.nii";
        const auto sink = format_named("nifti").create(path, shape, 1);
        sink->write({0, 0, 0, shape.size}, std::vector<float>(12, 1.0f));
        sink->finish();
        EXPECT_FALSE(read_image_info(path).spacing.known()) << unit;
    }
}

}  // namespace
}  // namespace unet
