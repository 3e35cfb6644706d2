#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/image/read.h"

// Files written by other programs (make_*.py) against what went in.

namespace unet {
namespace {

using nlohmann::json;

const json& expectations() {
    static const json all = [] {
        json each = json::parse(read_text_file(test_files() / "expected.json"));
        for (const char* name : {"expected_zarr3.json", "expected_imagej.json"})
            each.update(json::parse(read_text_file(test_files() / name)));
        return each;
    }();
    return all;
}

/// FNV-1a, 64 bit, of the values' bytes.
template <class T>
std::string fnv(const std::vector<T>& values) {
    std::uint64_t state = 0xCBF29CE484222325;
    for (const auto byte : std::as_bytes(std::span(values)))
        state = (state ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3;
    return fmt::format("{:016x}", state);
}

std::string name_of(SampleType type) {
    const char* names[] = {"u8", "u16", "u32", "i8", "i16", "i32", "f32"};
    return names[static_cast<std::size_t>(type)];
}

void expect_spacing(const Spacing& spacing, const json& entry) {
    for (std::size_t axis = 0; axis < 3; ++axis)
        EXPECT_DOUBLE_EQ(spacing.size[axis], entry["spacing"][axis].get<double>()) << axis;
    EXPECT_EQ(spacing.unit, entry["unit"].get<std::string>());
}

class FilesTest : public testing::TestWithParam<std::string> {};

TEST_P(FilesTest, ImageIsTheArrayItWasMadeOf) {
    const auto& entry = expectations()[GetParam()];
    const auto path = test_files() / GetParam();
    if (entry.contains("image_error")) {
        const auto message = message_of([&] { read_image(path); });
        EXPECT_TRUE(contains(message, entry["image_error"])) << message;
        EXPECT_TRUE(contains(message, GetParam())) << message;
        return;
    }
    const Image image = read_image(path);
    const json shape{image.channels, image.size.depth, image.size.height, image.size.width};
    EXPECT_EQ(shape, entry["shape"]);
    EXPECT_EQ(fnv(image.values), entry["image"]);
    EXPECT_EQ(name_of(image.type), entry["type"]);
    EXPECT_EQ(image.rgb, entry["rgb"].get<bool>());
    expect_spacing(image.spacing, entry);
}

TEST_P(FilesTest, LabelsAreTheStoredValues) {
    const auto& entry = expectations()[GetParam()];
    const auto path = test_files() / GetParam();
    if (entry.contains("labels_error")) {
        const auto message = message_of([&] { read_labels(path); });
        EXPECT_TRUE(contains(message, entry["labels_error"])) << message;
        EXPECT_TRUE(contains(message, GetParam())) << message;
    } else {
        ASSERT_TRUE(entry.contains("labels"));
        const LabelMap labels = read_labels(path);
        EXPECT_EQ(fnv(labels.values), entry["labels"]);
        expect_spacing(labels.spacing, entry);
    }
}

TEST_P(FilesTest, InfoNeedsNoPixels) {
    const auto& entry = expectations()[GetParam()];
    const auto path = test_files() / GetParam();
    if (entry.contains("image_error")) {
        // Some faults show in the pixels only.
        if (!entry.contains("late")) {
            EXPECT_TRUE(contains(message_of([&] { read_image_info(path); }), entry["image_error"]));
        }
        return;
    }
    const ImageInfo info = read_image_info(path);
    EXPECT_EQ(info.size.depth, entry["shape"][1].get<std::int64_t>());
    EXPECT_EQ(info.size.height, entry["shape"][2].get<std::int64_t>());
    EXPECT_EQ(info.size.width, entry["shape"][3].get<std::int64_t>());
    EXPECT_EQ(info.bits, entry.value("bits", 8));
    EXPECT_EQ(name_of(info.type), entry["type"]);
    EXPECT_EQ(info.palette, entry.value("palette", false));
    EXPECT_EQ(info.alpha, entry.value("alpha", false));
    EXPECT_EQ(info.white_is_zero, entry.value("white_is_zero", false));
    if (!std::filesystem::is_directory(path)) {
        EXPECT_EQ(info.file_bytes, static_cast<std::int64_t>(std::filesystem::file_size(path)));
    }
    expect_spacing(info.spacing, entry);
    if (entry.contains("axes")) {
        EXPECT_EQ(to_string(info.axes), entry["axes"].get<std::string>());
        EXPECT_EQ(info.axes_source, entry["axes_source"].get<std::string>());
    }
    EXPECT_EQ(info.series.size(), entry.value("images", 0u));
    EXPECT_EQ(info.channel_names, entry.value("channel_names", std::vector<std::string>()));
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& item : expectations().items()) all.push_back(item.key());
    return all;
}

INSTANTIATE_TEST_SUITE_P(Files, FilesTest, testing::ValuesIn(names()), [](const auto& test) {
    std::string name = test.param;
    for (char& letter : name)
        if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
    return name;
});

TEST(ReadTest, PagesPickSlices) {
    const Image all = read_image(test_files() / "stack.tif");
    const Image two =
        read_image(test_files() / "stack.tif", {.pages = parse_pages("3,1", "`pages`")});
    ASSERT_EQ(two.size, (Size3{2, 17, 23}));
    const auto plane = static_cast<std::ptrdiff_t>(17 * 23);
    EXPECT_TRUE(std::equal(all.plane(0, 3), all.plane(0, 3) + plane, two.plane(0, 0)));
    EXPECT_TRUE(std::equal(all.plane(0, 1), all.plane(0, 1) + plane, two.plane(0, 1)));
    const LabelMap label =
        read_labels(test_files() / "stack.tif", {.pages = parse_pages("2", "`pages`")});
    EXPECT_EQ(label.values[0], 62u);  // 31 z
}

TEST(ReadTest, PagesOfAHyperstackAreSlicesNotChannels) {
    const auto path = test_files() / "imagej_hyperstack.tif";
    const Image last = read_image(path, {.pages = parse_pages("2", "`pages`")});
    EXPECT_EQ(last.channels, 2);
    EXPECT_EQ(last.plane(1)[0], 62.0f + 57.0f);  // 31 z + 57 c
    const auto message =
        message_of([&] { read_image(path, {.pages = parse_pages("3", "`pages`")}); });
    EXPECT_TRUE(contains(message, "there are 3")) << message;
}

TEST(ReadTest, ChannelsSlicesAndTimesArePicked) {
    // make_files.py: (31 z + 57 c + 101 t) mod 251 at row 0, column 0.
    for (const char* name : {"ome_cztyx.ome.tif", "imagej_raw_planes.tif"}) {
        const Image image = read_image(test_files() / name,
                                       read_options_of({.channel = "1", .z = "2,0", .t = "1"}));
        ASSERT_EQ(image.channels, 1) << name;
        ASSERT_EQ(image.size, (Size3{2, 8, 9})) << name;
        EXPECT_EQ(image.plane(0, 0)[0], 62 + 57 + 101) << name;
        EXPECT_EQ(image.plane(0, 1)[0], 57 + 101) << name;
    }
    const Image turned = read_image(test_files() / "rgb8.png", read_options_of({.channel = "2,0"}));
    ASSERT_EQ(turned.channels, 2);
    EXPECT_FALSE(turned.rgb);
    EXPECT_EQ(turned.plane(0)[0], 114.0f);
    EXPECT_EQ(turned.plane(1)[0], 0.0f);
    // Labels have one channel, whatever is picked of their images.
    EXPECT_EQ(read_labels(test_files() / "u8.tif", read_options_of({.channel = "1"})).size,
              (Size3{1, 17, 23}));
}

TEST(ReadTest, WhatPagesAreCanBeSet) {
    const auto axes = [](const char* name, const char* text) {
        return read_image(test_files() / name, {.axes = text});
    };
    const Image channels = axes("stack.tif", "CYX");
    EXPECT_EQ(channels.channels, 4);
    EXPECT_EQ(channels.size, (Size3{1, 17, 23}));
    EXPECT_EQ(channels.plane(3)[0], 93.0f);  // 31 x page
    EXPECT_EQ(axes("imagej_hyperstack.tif", "ZYX").size.depth, 6);
    EXPECT_EQ(axes("u16_series.nii.gz", "CZYX").channels, 2);
    // A text that contradicts the pages no longer matters.
    EXPECT_EQ(axes("two_pages_called_three.tif", "ZYX").size.depth, 2);
    const auto message = message_of([&] { axes("stack.tif", "TZYX"); });
    EXPECT_TRUE(contains(message, "stack.tif: `axes` TZYX does not make its 4 page(s)")) << message;
}

TEST(ReadTest, ColouredLabelsAreListedWithWhatToDo) {
    const auto message = message_of([&] { read_labels(test_files() / "rgb8.png"); });
    // Counted from the formula of make_files.py; the most frequent stands first.
    EXPECT_TRUE(contains(message, "Found 251 colours: (35, 92, 149) on 3 pixels")) << message;
    EXPECT_TRUE(contains(message, "and more")) << message;
    EXPECT_TRUE(contains(message, "grey image")) << message;
}

TEST(ReadTest, LabelsSayHowTheyWereStored) {
    for (const auto& [name, storage] : {std::pair{"grey8.png", LabelStorage::integers},
                                        {"palette8.png", LabelStorage::colour_table},
                                        {"palette.tif", LabelStorage::colour_table},
                                        {"white_is_zero.tif", LabelStorage::white_is_zero},
                                        {"rgb_of_grey.tif", LabelStorage::equal_colours},
                                        {"f16.tif", LabelStorage::floats}})
        EXPECT_EQ(read_labels(test_files() / name).storage, storage) << name;
}

TEST(ReadTest, FilesThatAreNoneAreNamed) {
    EXPECT_TRUE(contains(message_of([] { read_image(test_files()); }), "it is a folder"));
    EXPECT_TRUE(contains(message_of([] { read_image(test_files() / "no.tif"); }), "no such file"));
}

TEST(ReadTest, NamesOfImages) {
    for (const char* name :
         {"a.png", "a.PNG", "b/a.tif", "a.ome.tiff", "a.TIF", "a.jpg", "a.nii", "a.b.NII.GZ"})
        EXPECT_TRUE(is_image_file(name)) << name;
    for (const char* name : {"a.gif", "png", "a.tif.txt", "a", ".tif", "a.gz"})
        EXPECT_FALSE(is_image_file(name)) << name;
}

}  // namespace
}  // namespace unet
