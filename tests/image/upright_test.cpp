#include "unet/image/contents/upright.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/image/contents/exif.h"
#include "unet/image/file_source.h"

// Files of make_said.py, which Pillow's exif_transpose turns to the same pixels.

namespace unet {
namespace {

using Values = std::vector<float>;

std::filesystem::path said(const std::string& name) {
    return test_files().parent_path() / "said" / name;
}

class OrientationTest : public testing::TestWithParam<int> {};

TEST_P(OrientationTest, PixelsAreThoseThatViewersShow) {
    const int n = GetParam();
    for (const char* ending : {"png", "tif"}) {
        const auto file = said(fmt::format("o{}.{}", n, ending));
        const ImageInfo info = read_image_info(file);
        EXPECT_EQ(info.orientation, n) << file;
        EXPECT_EQ(info.size, (Size3{1, 2, 3})) << file;
        const Image image = read_image(file);
        EXPECT_EQ(image.size, info.size) << file;
        EXPECT_EQ(image.values, (Values{1, 2, 3, 4, 5, 6})) << file;
        EXPECT_EQ(read_labels(file).values, (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6})) << file;
        EXPECT_EQ(info.notes.size(), n == 1 ? 0u : 1u) << file;
    }
    const Image image = read_image(said(fmt::format("o{}.jpg", n)));
    ASSERT_EQ(image.size, (Size3{1, 16, 24}));
    constexpr float blocks[] = {10, 60, 110, 160, 210, 250};
    for (std::int64_t y = 0; y < 16; ++y)
        for (std::int64_t x = 0; x < 24; ++x)
            ASSERT_NEAR(image.values[y * 24 + x], blocks[y / 8 * 3 + x / 8], 1) << n << y << x;
}

INSTANTIATE_TEST_SUITE_P(All, OrientationTest, testing::Range(1, 9));

TEST(UprightTest, AnyPartOfALargeFileIsRead) {
    for (const char* name :
         {"strips_o2.tif", "strips_o6.tif", "tiles_o2.tif", "tiles_o4.tif", "tiles_o7.tif"}) {
        FileSource source(said(name), {}, 2);
        ASSERT_EQ(source.size(), (Size3{1, 150, 70})) << name;
        for (const Region& part : {Region{0, 0, 0, {1, 10, 70}}, Region{0, 33, 5, {1, 80, 9}},
                                   Region{0, 149, 69, {1, 1, 1}}, Region{0, 2, 0, {1, 1, 70}}}) {
            Values values(part.size.elements());
            source.read(part, values);
            std::size_t at = 0;
            for (std::int64_t y = part.y; y < part.y + part.size.height; ++y)
                for (std::int64_t x = part.x; x < part.x + part.size.width; ++x)
                    ASSERT_EQ(values[at++], static_cast<float>(256 * y + x)) << name << y << x;
        }
        EXPECT_EQ(source.notes().size(), 1u);
    }
    // Mirrored rows are read by the rows that are asked for, turned ones need their page.
    EXPECT_LT(FileSource(said("strips_o2.tif")).window_bytes(4), 8 * 70 * 2);
    EXPECT_GE(FileSource(said("strips_o6.tif")).window_bytes(4), 150 * 70 * 2);
}

TEST(UprightTest, HeightAndWidthOfAPixelChangePlaces) {
    const Image image = read_image(said("spaced_o6.tif"));
    EXPECT_EQ(image.spacing, (Spacing{{0.0, 2.0, 0.5}, "um"}));
}

TEST(UprightTest, WhatTheFileMeansIsFoundOrLeft) {
    EXPECT_EQ(read_image(said("late.png")).values, (Values{1, 2, 3, 4, 5, 6}));
    for (const char* name : {"o0.png", "o9.png"}) {
        EXPECT_EQ(read_image_info(said(name)).orientation, 1) << name;
        EXPECT_EQ(read_image(said(name)).values, (Values{1, 2, 3, 4, 5, 6})) << name;
    }
    const auto message = message_of([] { read_image(said("pages_differ.tif")); });
    EXPECT_TRUE(contains(message, "the orientation of page 1 is 3 (tag 274), that of page 0 is 1"))
        << message;
}

TEST(StoredValuesTest, TablesOfTiffOnlyShow) {
    const auto file = test_files() / "palette.tif";
    const Image stored = read_image(file, {.as_stored = true});
    const LabelMap labels = read_labels(file);
    EXPECT_EQ(stored.channels, 1);
    EXPECT_TRUE(std::equal(stored.values.begin(), stored.values.end(), labels.values.begin()));
    EXPECT_EQ(stored.notes.size(), 1u);
    EXPECT_EQ(FileSource(file, {.as_stored = true}).channels(), 1);
    EXPECT_EQ(read_image(test_files() / "palette8.png", {.as_stored = true}).channels, 3);
}

TEST(ExifTest, DamagedBlocksSayNothing) {
    const std::string block("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", 28);
    const auto orientation = [](const std::string& text) {
        return exif_orientation(std::as_bytes(std::span(text)));
    };
    EXPECT_EQ(orientation(block), 6);
    for (std::size_t length = 0; length < block.size() - 3; ++length)
        EXPECT_EQ(orientation(block.substr(0, length)), 1) << length;
    std::string far = block;
    far[10] = far[11] = '\xff';  // a directory behind the end
    EXPECT_EQ(orientation(far), 1);
}

}  // namespace
}  // namespace unet
