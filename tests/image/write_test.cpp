#include "unet/image/write.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/image/read.h"

namespace unet {
namespace {

Image formula(std::int64_t channels, const Size3& size, SampleType type, double factor = 1.0) {
    Image image;
    image.size = size;
    image.channels = channels;
    image.type = type;
    for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t z = 0; z < size.depth; ++z)
            for (std::int64_t y = 0; y < size.height; ++y)
                for (std::int64_t x = 0; x < size.width; ++x)
                    image.values.push_back(static_cast<float>(
                        factor * static_cast<double>((7 * y + 13 * x + 31 * z + 57 * c) % 251)));
    return image;
}

LabelMap labels_up_to(std::uint32_t largest, const Size3& size = {1, 7, 9}) {
    LabelMap labels;
    labels.size = size;
    for (std::int64_t i = 0; i < size.elements(); ++i)
        labels.values.push_back(
            static_cast<std::uint32_t>(static_cast<std::uint64_t>(i) * 40503u % largest));
    labels.values.back() = largest;
    return labels;
}

using WriteTest = FolderTest;

void expect_same(const Image& found, const Image& expected) {
    EXPECT_EQ(found.size, expected.size);
    EXPECT_EQ(found.channels, expected.channels);
    EXPECT_EQ(found.type, expected.type);
    EXPECT_EQ(found.rgb, expected.rgb);
    EXPECT_EQ(found.values, expected.values);
    EXPECT_EQ(found.spacing, expected.spacing);
}

TEST_F(WriteTest, EveryTypeComesBackFromTiff) {
    for (const auto type : {SampleType::u8, SampleType::u16, SampleType::u32, SampleType::i8,
                            SampleType::i16, SampleType::i32, SampleType::f32})
        for (const std::int64_t channels : {1, 2, 3})
            for (const std::int64_t depth : {1, 4}) {
                Image image = formula(channels, {depth, 7, 9}, type,
                                      type == SampleType::i8    ? 0.5
                                      : type == SampleType::f32 ? 0.37
                                                                : 1.0);
                if (type == SampleType::i8)
                    for (float& value : image.values)
                        value = static_cast<float>(static_cast<int>(value)) - 100.0f;
                image.spacing = {{depth > 1 ? 1.25 : 0.0, 0.325, 0.11}, "um"};
                SCOPED_TRACE(
                    fmt::format("type {}, {} x {}", static_cast<int>(type), channels, depth));
                write_image(folder / "a.tif", image);
                expect_same(read_image(folder / "a.tif"), image);
            }
}

TEST_F(WriteTest, ColourComesBackInterleaved) {
    for (const auto type : {SampleType::u8, SampleType::u16}) {
        Image image = formula(3, {1, 7, 9}, type);
        image.rgb = true;
        for (const char* name : {"a.png", "a.tif"}) {
            write_image(folder / name, image);
            expect_same(read_image(folder / name), image);
        }
    }
    Image stack = formula(3, {2, 7, 9}, SampleType::u8);
    stack.rgb = true;
    write_image(folder / "stack.tiff", stack);
    expect_same(read_image(folder / "stack.tiff"), stack);
}

TEST_F(WriteTest, GreyComesBackFromPng) {
    for (const auto type : {SampleType::u8, SampleType::u16}) {
        Image image = formula(1, {1, 7, 9}, type);
        image.spacing = {{0, 0.5, 0.25}, "um"};
        write_image(folder / "a.PNG", image);
        expect_same(read_image(folder / "a.PNG"), image);
    }
}

TEST_F(WriteTest, SpacingSurvivesInAnyUnit) {
    for (const char* unit : {"um", "nm", "mm"})
        for (const double size : {0.325, 4.0, 1.0 / 3.0, 12.5, 0.0065, 350.0}) {
            Image image = formula(1, {3, 2, 2}, SampleType::u8);
            image.spacing = {{1.5, size, 2.0 * size}, unit};
            write_image(folder / "a.tif", image);
            const Spacing found = read_image(folder / "a.tif").spacing;
            EXPECT_EQ(found.unit, unit);
            EXPECT_EQ(found.size[0], 1.5);
            // ImageJ's own files have six digits, and so has what is read.
            EXPECT_NEAR(found.size[1], size, 5e-6 * size);
            EXPECT_NEAR(found.size[2], 2.0 * size, 1e-5 * size);
        }
}

TEST_F(WriteTest, LabelsTakeTheBitsTheyNeed) {
    for (const auto& [largest, bits] :
         {std::pair{1u, 16}, {255u, 16}, {65535u, 16}, {65536u, 32}, {4294967295u, 32}}) {
        LabelMap labels = labels_up_to(largest);
        labels.spacing = {{0, 0.5, 0.5}, "um"};
        write_labels(folder / "a.tif", labels);
        EXPECT_EQ(read_image_info(folder / "a.tif").bits, bits) << largest;
        const LabelMap found = read_labels(folder / "a.tif");
        EXPECT_EQ(found.values, labels.values);
        EXPECT_EQ(found.size, labels.size);
        EXPECT_EQ(found.spacing, labels.spacing);
    }
    for (const auto& [largest, bits] : {std::pair{1u, 8}, {255u, 8}, {256u, 16}, {65535u, 16}}) {
        write_labels(folder / "a.png", labels_up_to(largest));
        EXPECT_EQ(read_image_info(folder / "a.png").bits, bits) << largest;
        EXPECT_EQ(read_labels(folder / "a.png").values, labels_up_to(largest).values);
    }
    write_labels(folder / "stack.tif", labels_up_to(300, {3, 5, 5}));
    EXPECT_EQ(read_labels(folder / "stack.tif").size, (Size3{3, 5, 5}));
}

TEST_F(WriteTest, LabelsShowTheirColoursInImageJ) {
    const std::vector<Colour> classes{{1, 2, 3}, {200, 100, 50}};
    write_labels(folder / "a.tif", labels_up_to(2), classes);
    const std::string bytes = read_text_file(folder / "a.tif");
    EXPECT_TRUE(contains(bytes, "ImageJ=1.53t\n"));
    EXPECT_TRUE(contains(bytes, "min=0\nmax=255\n"));
    // Where ImageJ keeps the table of a 16-bit image: tag 320 (ColorMap), type SHORT, 768 values.
    const auto at = bytes.find(std::string("\x40\x01\3\0\0\3\0\0", 8));
    ASSERT_NE(at, std::string::npos);
    std::uint32_t offset = 0;
    std::memcpy(&offset, bytes.data() + at + 8, 4);
    std::uint16_t table[768];
    ASSERT_LE(offset + sizeof table, bytes.size());
    std::memcpy(table, bytes.data() + offset, sizeof table);
    for (std::uint32_t label = 0; label < 256; ++label) {
        const Colour colour = label < 2 ? classes[label] : label_colour(label);
        for (std::size_t c = 0; c < 3; ++c)
            ASSERT_EQ(table[c * 256 + label] >> 8, colour[c]) << label;
    }
    write_labels(folder / "many.tif", labels_up_to(1000));
    EXPECT_TRUE(contains(read_text_file(folder / "many.tif"), "min=0\nmax=1000\n"));
}

TEST_F(WriteTest, ProbabilitiesAreOnePageAClass) {
    Image image = formula(4, {1, 7, 9}, SampleType::f32, 1.0 / 250.0);
    write_image(folder / "a.tif", image);
    const ImageInfo info = read_image_info(folder / "a.tif");
    EXPECT_EQ(info.pages, 4);
    EXPECT_EQ(info.channels, 4);
    EXPECT_EQ(info.size.depth, 1);
    EXPECT_TRUE(contains(read_text_file(folder / "a.tif"), "images=4\nchannels=4\n"));
}

TEST_F(WriteTest, PlanesOfAStackFollowWithoutAGap) {
    const Image image = formula(1, {3, 5, 7}, SampleType::u8);
    write_image(folder / "a.tif", image);
    std::string planes;
    for (const float value : image.values) planes.push_back(static_cast<char>(value));
    EXPECT_EQ(read_text_file(folder / "a.tif").substr(8, planes.size()), planes);
}

TEST_F(WriteTest, EqualPixelsGiveEqualBytesAndNothingElseIsLeft) {
    const LabelMap labels = labels_up_to(300);
    for (const char* name : {".tif", ".png"}) {
        write_labels(folder / (std::string("a") + name), labels);
        write_labels(folder / (std::string("b") + name), labels);
        EXPECT_EQ(read_text_file(folder / (std::string("a") + name)),
                  read_text_file(folder / (std::string("b") + name)));
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 4);
}

TEST_F(WriteTest, WhatAFileCannotHoldIsRefusedAndTheOldFileStays) {
    Image image = formula(1, {1, 7, 9}, SampleType::u8);
    write_image(folder / "a.tif", image);
    const std::string before = read_text_file(folder / "a.tif");
    for (const float value : {256.0f, -1.0f, 0.5f, std::numeric_limits<float>::quiet_NaN()}) {
        image.values[5] = value;
        EXPECT_TRUE(
            contains(message_of([&] { write_image(folder / "a.tif", image); }), "from 0 to 255"))
            << value;
    }
    EXPECT_EQ(read_text_file(folder / "a.tif"), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
    const Image wide = formula(1, {1, 2, 2}, SampleType::f32),
                deep = formula(1, {2, 2, 2}, SampleType::u8);
    EXPECT_TRUE(contains(message_of([&] { write_image(folder / "b.png", wide); }), "write .tif"));
    EXPECT_TRUE(contains(message_of([&] { write_image(folder / "b.png", deep); }), "write .tif"));
    EXPECT_TRUE(contains(message_of([&] { write_labels(folder / "b.png", labels_up_to(65536)); }),
                         "write .tif"));
    EXPECT_TRUE(contains(message_of([&] { write_image(folder / "b.jpg", deep); }),
                         "expected .tif or .png"));
    EXPECT_TRUE(contains(message_of([&] { write_image(folder / "no" / "b.tif", deep); }),
                         "does not exist"));
    Image short_one = deep;
    short_one.values.pop_back();
    EXPECT_TRUE(
        contains(message_of([&] { write_image(folder / "b.tif", short_one); }), "needs 8 values"));
}

TEST_F(WriteTest, OwnFilesAreKnownFromThoseOfOthers) {
    write_labels(folder / "labels.tif", labels_up_to(9));
    write_image(folder / "image.tif", formula(1, {2, 5, 6}, SampleType::f32));
    EXPECT_TRUE(is_written_by_unet(folder / "labels.tif"));
    EXPECT_TRUE(is_written_by_unet(folder / "image.tif"));
    for (const char* name : {"u8.tif", "imagej_stack.tif", "grey8.png", "two_sizes.tif", "none"})
        EXPECT_FALSE(is_written_by_unet(test_files() / name)) << name;
}

TEST_F(WriteTest, OnePixelAndOddSizes) {
    for (const Size3& size : {Size3{1, 1, 1}, Size3{1, 1, 3}, Size3{3, 1, 1}}) {
        const Image image = formula(1, size, SampleType::u8);
        write_image(folder / "a.tif", image);
        expect_same(read_image(folder / "a.tif"), image);
    }
}

using DrawFileTest = FolderTest;

TEST_F(DrawFileTest, AWrittenPictureIsReadBack) {
    LabelMap labels;
    labels.size = {1, 2, 2};
    labels.values = {0, 1, 2, 3};
    write_rgb_image(folder / "a.png", rgb_image_of(labels));
    const Image image = read_image(folder / "a.png");
    ASSERT_TRUE(image.rgb);
    for (std::int64_t i = 0; i < 4; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            EXPECT_EQ(image.plane(static_cast<std::int64_t>(c))[i],
                      label_colour(static_cast<std::uint32_t>(i))[c]);
}

TEST_F(DrawFileTest, ColoursOfAFileAreNotStretched) {
    const Image rgb = read_image(test_files() / "rgb8.png");
    const RgbImage coloured = rgb_image_of(rgb);
    for (std::size_t c = 0; c < 3; ++c)
        EXPECT_EQ(coloured.at(3, 5)[c], rgb.plane(static_cast<std::int64_t>(c))[3 * 23 + 5]) << c;
}

}  // namespace
}  // namespace unet
