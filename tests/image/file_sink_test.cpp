#include "unet/image/file_sink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/image/format.h"
#include "unet/image/pyramid.h"
#include "unet/image/read.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

const Format &tif = format_named("tif"), &ome_tif = format_named("ome-tif"),
             &nifti = format_named("nifti"), &png = format_named("png");
constexpr std::int64_t edge = 16;

std::vector<std::reference_wrapper<const Format>> all_formats() {
    std::vector<std::reference_wrapper<const Format>> formats;
    for (const Format* format : formats_written()) formats.push_back(*format);
    return formats;
}

class FileSinkTest : public FolderTest {
protected:
    fs::path file(const std::string& name, const Format& format) const {
        return folder / (name + std::string(format.ending));
    }
};

/// Values that a lost, doubled or exchanged pixel would change.
Image drawn(const Size3& size, std::int64_t channels, SampleType type) {
    Image image{size, channels, {}, type, {{2.0, 0.5, 0.25}, "um"}};
    for (std::int64_t i = 0; i < channels * size.elements(); ++i)
        image.values.push_back(static_cast<float>(i * 7919 % 251));
    return image;
}

FileShape shape_of(const Image& image) {
    FileShape shape;
    shape.size = image.size;
    shape.channels = image.channels;
    shape.type = image.type;
    shape.spacing = image.spacing;
    shape.chunk = edge;
    return shape;
}

/// Writes boxes of that many rows and columns.
void write_boxes(RegionSink& sink, const Image& image, std::int64_t rows, std::int64_t columns) {
    ImageSource source(image);
    for (std::int64_t z = 0; z < image.size.depth; ++z)
        for (std::int64_t y = 0; y < image.size.height; y += rows)
            for (std::int64_t x = 0; x < image.size.width; x += columns) {
                const Region region{z,
                                    y,
                                    x,
                                    {1, std::min(rows, image.size.height - y),
                                     std::min(columns, image.size.width - x)}};
                std::vector<float> values(image.channels * region.size.elements());
                source.read(region, values);
                sink.write(region, values);
            }
}

/// Bytes of a file, or of all files of a folder.
std::map<std::string, std::vector<std::byte>> bytes_of(const fs::path& path) {
    if (!fs::is_directory(path)) return {{"", read_file(path)}};
    std::map<std::string, std::vector<std::byte>> files;
    for (const auto& entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file())
            files[fs::relative(entry.path(), path).string()] = read_file(entry.path());
    return files;
}

TEST_F(FileSinkTest, WhatIsWrittenIsReadHoweverItWasCutAndPacked) {
    for (const Format& format : all_formats())
        for (const SampleType type : {SampleType::u16, SampleType::f32}) {
            const bool plane = format.one_plane;
            if (plane && type == SampleType::f32) continue;
            const Image image = drawn({plane ? 1 : 3, 37, 41}, plane ? 1 : 2, type);
            for (const auto& [name, rows, columns, threads] :
                 {std::tuple("whole", 37, 41, 1), std::tuple("a", 13, 7, 3)}) {
                const auto sink = format.create(file(name, format), shape_of(image), threads);
                write_boxes(*sink, image, rows, columns);
                sink->finish();
            }
            const Image back = read_image(file("whole", format));
            EXPECT_EQ(back.values, image.values) << format.ending;
            EXPECT_EQ(back.size, image.size) << format.ending;
            EXPECT_EQ(back.channels, image.channels) << format.ending;
            EXPECT_EQ(back.type, type) << format.ending;
            EXPECT_EQ(back.spacing.size[1], 0.5) << format.ending;
            EXPECT_EQ(back.spacing.size[2], 0.25) << format.ending;
            EXPECT_EQ(back.spacing.size[0], plane ? 0.0 : 2.0) << format.ending;
            EXPECT_EQ(back.spacing.unit, "um") << format.ending;
            EXPECT_EQ(bytes_of(file("whole", format)), bytes_of(file("a", format)));
            EXPECT_TRUE(is_written_by_unet(file("a", format)));
            EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2) << "something is left";
            fs::remove_all(folder);
            fs::create_directories(folder);
        }
}

TEST_F(FileSinkTest, LabelsAreExactBeyondFloats) {
    LabelMap labels{{1, 20, 30}, std::vector<std::uint32_t>(600), {}};
    labels.values[7] = 4294967295;
    labels.values[599] = 16777217;
    for (const Format& format : all_formats()) {
        if (format.one_plane) continue;
        FileShape shape;
        shape.size = labels.size;
        shape.type = SampleType::u32;
        shape.labels = true;
        shape.chunk = edge;
        const auto sink = format.create(file("a", format), shape, 0);
        const std::span all(labels.values);
        sink->write_labels({0, 0, 0, {1, 7, 30}}, all.first(210));
        sink->write_labels({0, 7, 0, {1, 13, 30}}, all.subspan(210));
        sink->finish();
        EXPECT_EQ(read_labels(file("a", format)).values, labels.values) << format.ending;
        shape.type = SampleType::u8;
        EXPECT_TRUE(
            contains(message_of([&] {
                         format.create(file("b", format), shape, 0)
                             ->write_labels({0, 0, 0, labels.size}, labels.values);
                     }),
                     "found the label 4294967295, 8 bits hold labels up to 255: write 32 bits"));
        EXPECT_FALSE(fs::exists(file("b", format)));
    }
}

TEST_F(FileSinkTest, WhatAFormatCannotHoldIsSaidBeforeAnyFileIsBegun) {
    Image stack = drawn({3, 20, 30}, 1, SampleType::u16);
    for (const Format& format : all_formats()) {
        const auto check = [&] { format.check(file("a", format), shape_of(stack)); };
        if (format.one_plane)
            EXPECT_TRUE(contains(message_of(check), "PNG holds one plane"));
        else
            EXPECT_NO_THROW(check()) << format.ending;
    }
    FileShape elsewhere = shape_of(stack);
    elsewhere.geometry_of = test_files() / "u8.nii";
    EXPECT_TRUE(contains(message_of([&] { nifti.check(folder / "a.nii", elsewhere); }),
                         "parts of it have another place in space"));
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(FileSinkTest, ProbabilitiesInBytesAreRounded) {
    Image image{{1, 1, 4}, 1, {0.0f, 0.5f, 0.00197f, 1.0f}, SampleType::u8, {}};
    FileShape shape = shape_of(image);
    shape.factor = 255.0;
    const auto sink = ome_tif.create(folder / "a.ome.tif", shape, 0);
    sink->write({0, 0, 0, image.size}, image.values);
    sink->finish();
    EXPECT_EQ(read_image(folder / "a.ome.tif").values,
              (std::vector<float>{0.0f, 128.0f, 1.0f, 255.0f}));
}

TEST_F(FileSinkTest, RoundedBytesAreThoseOfTheFormulaForRowsOfAnyLength) {
    // Beside each of the 256 steps: the tie, and the floats before and after it.
    std::vector<float> values;
    for (int step = 0; step < 255; ++step) {
        const auto tie = static_cast<float>((step + 0.5) / 255.0);
        for (const float value : {std::nextafter(tie, 0.0f), tie, std::nextafter(tie, 1.0f)})
            values.push_back(value);
    }
    std::vector<float> expected;
    for (const float value : values)
        expected.push_back(
            static_cast<float>(std::floor(static_cast<double>(value) * 255.0 + 0.5)));
    for (std::int64_t width = 1; width < 70; ++width) {
        Image image{{1, 1, width}, 1, {}, SampleType::u8, {}};
        FileShape shape = shape_of(image);
        shape.factor = 255.0;
        const auto begin = static_cast<std::ptrdiff_t>(width * 7);
        const auto sink = png.create(folder / "a.png", shape, 0);
        sink->write({0, 0, 0, image.size}, std::span(values).subspan(begin, width));
        sink->finish();
        EXPECT_EQ(read_image(folder / "a.png").values,
                  std::vector<float>(expected.begin() + begin, expected.begin() + begin + width))
            << width;
    }
}

TEST_F(FileSinkTest, WhatNoByteHoldsIsRefusedWhereverItStands) {
    constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
    for (const auto& [value, found] :
         {std::pair(1.002f, "256"), {-0.002f, "-1"}, {1e30f, "2.55e+32"}, {not_a_number, "nan"}})
        for (const std::size_t place : {0u, 17u, 36u}) {
            Image image{{1, 1, 37}, 1, std::vector<float>(37, 0.25f), SampleType::u8, {}};
            image.values[place] = value;
            FileShape shape = shape_of(image);
            shape.factor = 255.0;
            const std::string message = message_of([&] {
                tif.create(folder / "a.tif", shape, 0)->write({0, 0, 0, image.size}, image.values);
            });
            EXPECT_TRUE(contains(message, "found the value " + std::string(found))) << message;
            EXPECT_TRUE(contains(message, "expected whole numbers from 0 to 255"));
            EXPECT_TRUE(fs::is_empty(folder));
        }
    FileShape wide;
    wide.size = {1, 4, 4};
    wide.type = SampleType::u16;
    wide.factor = 65535.0;
    EXPECT_TRUE(contains(message_of([&] { tif.create(folder / "a.tif", wide, 0); }),
                         "values multiplied by 65535 are stored in u8, found u16"));
}

TEST_F(FileSinkTest, WithoutFinishNothingIsLeftAndNothingIsLost) {
    const Image image = drawn({1, 37, 41}, 1, SampleType::u8);
    for (const Format& format : all_formats()) {
        const auto target = file("a", format);
        const auto write = [&](const Image& values) {
            const auto sink = format.create(target, shape_of(values), 0);
            write_boxes(*sink, values, 13, 41);
            sink->finish();
        };
        write(image);
        const auto before = bytes_of(target);
        {
            const auto half = format.create(target, shape_of(image), 0);
            half->write({0, 0, 0, {1, 20, 41}}, std::vector<float>(820, 9.0f));
        }
        EXPECT_EQ(bytes_of(target), before);
        Image other = image;
        other.values.assign(other.values.size(), 9.0f);
        write(other);
        EXPECT_NE(bytes_of(target), before);
        EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1) << format.ending;
        fs::remove_all(target);
    }
}

TEST_F(FileSinkTest, WhatPngCannotHoldIsRefused) {
    for (const Image& image :
         {drawn({2, 4, 4}, 1, SampleType::u8), drawn({1, 4, 4}, 2, SampleType::u8),
          drawn({1, 4, 4}, 1, SampleType::f32)})
        EXPECT_TRUE(contains(message_of([&] { png.create(folder / "a.png", shape_of(image), 0); }),
                             "PNG holds one plane of 8 or 16 bits"));
}

TEST_F(FileSinkTest, SmallerCopiesHoldMeansAndOfLabelsStoredValues) {
    for (const bool labels : {false, true}) {
        std::map<std::int64_t, std::vector<std::byte>> seen;
        Pyramid pyramid(3, 5, SampleType::u8, 4, labels, 1, [&](const Chunk& chunk) {
            if (chunk.level == 1)
                seen[chunk.column].assign(chunk.samples.begin(), chunk.samples.end());
        });
        const std::uint8_t values[] = {1, 2, 3, 4, 10, 5, 5, 5, 5, 20, 7, 8, 9, 9, 30};
        pyramid.put(0, 0, 0, 3, 5, std::as_bytes(std::span(values)));
        pyramid.store_complete();
        ASSERT_EQ(seen.size(), 1u);  // 2 x 3 pixels
        std::vector<int> found;
        for (const std::size_t i : {0, 1, 2, 4, 5, 6})
            found.push_back(static_cast<int>(seen[0][i]));
        // (1 + 2 + 5 + 5) / 4 = 3.25, (3 + 4 + 5 + 5) / 4 = 4.25, (10 + 20) / 2, (7 + 8) / 2 = 7.5
        EXPECT_EQ(found, labels ? (std::vector<int>{1, 3, 10, 7, 9, 30})
                                : (std::vector<int>{3, 4, 15, 8, 9, 30}));
    }
}

/// The level below the full resolution, which one chunk of 64 x 64 holds.
template <class T>
std::vector<T> halved(const std::vector<T>& values, SampleType type, std::int64_t height,
                      std::int64_t width, bool labels) {
    std::vector<T> found;
    Pyramid pyramid(height, width, type, 64, labels, 1, [&](const Chunk& chunk) {
        if (chunk.level != 1) return;
        for (std::int64_t y = 0; y < (height + 1) / 2; ++y)
            for (std::int64_t x = 0; x < (width + 1) / 2; ++x) {
                T value;
                std::memcpy(&value, chunk.samples.data() + (y * 64 + x) * sizeof(T), sizeof value);
                found.push_back(value);
            }
    });
    pyramid.put(0, 0, 0, height, width, std::as_bytes(std::span(values)));
    pyramid.store_complete();
    return found;
}

template <class T>
void check_halving(SampleType type) {
    using Limits = std::numeric_limits<T>;
    for (const auto& [height, width] : {std::pair(1, 69), {65, 70}, {67, 1}, {66, 97}}) {
        std::vector<T> values;
        for (std::int64_t i = 0; i < height * width; ++i)
            values.push_back(i % 5 == 0   ? Limits::max()
                             : i % 7 == 0 ? Limits::lowest()
                                          : static_cast<T>(i * 7919 % 251 - 100));
        const auto at = [&, width = width](std::int64_t y, std::int64_t x) {
            return values[y * width + x];
        };
        std::vector<T> means, corners;
        for (std::int64_t y = 0; y < height; y += 2)
            for (std::int64_t x = 0; x < width; x += 2) {
                double sum = 0.0, count = 0.0;
                for (std::int64_t v = y; v < std::min<std::int64_t>(y + 2, height); ++v)
                    for (std::int64_t u = x; u < std::min<std::int64_t>(x + 2, width); ++u) {
                        sum += static_cast<double>(at(v, u));
                        count += 1.0;
                    }
                const double mean = sum / count;
                means.push_back(static_cast<T>(Limits::is_integer ? std::floor(mean + 0.5) : mean));
                corners.push_back(at(y, x));
            }
        EXPECT_EQ(halved(values, type, height, width, false), means) << height << " x " << width;
        EXPECT_EQ(halved(values, type, height, width, true), corners) << height << " x " << width;
    }
}

TEST_F(FileSinkTest, EveryTypeIsHalvedByTheSameRule) {
    check_halving<std::uint8_t>(SampleType::u8);
    check_halving<std::uint16_t>(SampleType::u16);
    check_halving<std::uint32_t>(SampleType::u32);
    check_halving<std::int8_t>(SampleType::i8);
    check_halving<std::int16_t>(SampleType::i16);
    check_halving<std::int32_t>(SampleType::i32);
    check_halving<float>(SampleType::f32);
}

}  // namespace
}  // namespace unet
