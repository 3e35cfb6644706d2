// Regions written by ImageJ are filled to the pixels that ImageJ fills (imagej/MakeRois.java).
#include "unet/annotation/imagej/imagej_roi.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "tests/testing/folder.h"
#include "unet/annotation/annotation_file.h"
#include "unet/annotation/fill.h"
#include "unet/annotation/zip.h"
#include "unet/core/files/file.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

const fs::path rois = fs::path(UNET_SOURCE_DIR) / "tests/annotation/imagej";

using ImageJTest = FolderTest;

/// Without waiting for the disk, which a test need not.
void put(const fs::path& path, std::span<const std::byte> bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

AnnotatedImage read_rois(const fs::path& path) {
    return read_annotations(path, AnnotationFormat::imagej).at(0);
}

std::string message_of(const fs::path& path) {
    return unet::message_of([&] { read_rois(path); });
}

TEST_F(ImageJTest, EveryRegionHasThePixelsOfImageJ) {
    const auto entries = read_zip(rois / "RoiSet.zip");
    const AnnotatedImage read = read_rois(rois / "RoiSet.zip");
    const LabelMap masks = read_labels(rois / "masks.tif");
    ASSERT_EQ(masks.size.depth, std::ssize(entries));
    std::map<std::string, const Annotation*> by_name;
    for (const Annotation& annotation : read.annotations)
        by_name[annotation.name + ".roi"] = &annotation;
    EXPECT_EQ(read.left_out.at(LeftOut::no_area), 2);  // a point and a line
    EXPECT_EQ(read.annotations.size() + 2, entries.size());
    for (std::int64_t z = 0; z < masks.size.depth; ++z) {
        const std::string& name = entries[z].name;
        if (by_name.count(name) == 0) continue;
        std::vector<std::uint32_t> pixels(64 * 48, 0);
        for (const PixelRun& run : filled(*by_name[name], 48, 64))
            for (std::int64_t x = run.x; x < run.end; ++x) pixels[run.y * 64 + x] = 255;
        EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), masks.plane(z))) << name;
    }
}

TEST_F(ImageJTest, PlacesInStacksAndGroups) {
    std::map<std::string, Annotation> by_name;
    for (const Annotation& annotation : read_rois(rois / "RoiSet.zip").annotations)
        by_name[annotation.name] = annotation;
    EXPECT_EQ(by_name["slice3"].place, (StackPlace{2, -1, -1}));
    EXPECT_EQ(by_name["z4t2"].place, (StackPlace{-1, 3, 1}));
    EXPECT_EQ(by_name["rectangle"].place, StackPlace{});
    EXPECT_EQ(by_name["group7"].class_name, "group 7");
    EXPECT_EQ(by_name["rectangle"].class_name, "");
}

TEST_F(ImageJTest, ARegionAloneIsRead) {
    const fs::path file = folder / "alone.roi";
    put(file, read_zip(rois / "RoiSet.zip")[0].bytes);
    EXPECT_EQ(read_rois(file).annotations.size(), 1u);
}

TEST_F(ImageJTest, CutOffAnywhereIsAnErrorAndNeverMore) {
    for (const ZipEntry& entry : read_zip(rois / "RoiSet.zip"))
        for (std::size_t size = 0; size < entry.bytes.size(); size += 7) {
            const fs::path file = folder / "cut.roi";
            put(file, std::span(entry.bytes).first(size));
            if (size < 64)
                EXPECT_NE(message_of(file), "") << entry.name << " " << size;
            else
                message_of(file);
        }
}

TEST_F(ImageJTest, ChangedBytesAreReadOrRefused) {
    const fs::path file = folder / "changed.roi";
    std::uint32_t state = 1;
    const auto draw = [&](std::size_t below) {
        state = state * 1664525u + 1013904223u;
        return static_cast<std::size_t>(state >> 8) % below;
    };
    int read = 0, refused = 0;
    for (const ZipEntry& entry : read_zip(rois / "RoiSet.zip"))
        for (int i = 0; i < 100; ++i) {
            auto bytes = entry.bytes;
            for (int change = 0; change < 3; ++change)
                bytes[draw(bytes.size())] = static_cast<std::byte>(draw(256));
            put(file, bytes);
            try {
                for (const Annotation& annotation : read_rois(file).annotations)
                    filled(annotation, 48, 64);
                ++read;
            } catch (const Error&) {
                ++refused;
            }
        }
    EXPECT_GT(read, 0);
    EXPECT_GT(refused, 0);
}

TEST_F(ImageJTest, DamagedArchives) {
    const auto whole = read_file(rois / "RoiSet.zip");
    const fs::path file = folder / "damaged.zip";
    const auto told = [&](const std::vector<std::byte>& bytes) {
        put(file, bytes);
        return message_of(file);
    };
    EXPECT_EQ(told(whole), "");
    for (std::size_t size = 0; size < whole.size(); size += 97)
        EXPECT_NE(told({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)})
                      .find("zip archive is damaged"),
                  std::string::npos)
            << size;
    auto flipped = whole;
    flipped[60] ^= std::byte{0x55};  // in the packed bytes of the first region
    EXPECT_NE(told(flipped).find("does not unpack"), std::string::npos);
}

TEST_F(ImageJTest, ArchivesThatClaimAbsurdSizes) {
    const fs::path file = folder / "bomb.zip";
    auto bytes = zip_of({{"a.roi", std::vector<std::byte>(1000)}});
    const auto directory = static_cast<std::size_t>(bytes.size() - 22 - 46 - 5);
    for (std::size_t i = 0; i < 4; ++i) bytes[directory + 24 + i] = std::byte{0x7f};
    put(file, bytes);
    EXPECT_NE(message_of(file).find("more than is accepted"), std::string::npos);
    const auto honest = zip_of({{"a.roi", std::vector<std::byte>(most_bytes_of_entry + 1)}});
    put(file, honest);
    EXPECT_NE(message_of(file).find("more than is accepted"), std::string::npos);
}

TEST_F(ImageJTest, AnArchiveWithoutRegions) {
    const fs::path file = folder / "other.zip";
    put(file, zip_of({{"a.txt", {}}}));
    EXPECT_NE(message_of(file).find("found no .roi"), std::string::npos);
    put(file, zip_of({}));  // an image without objects
    EXPECT_EQ(message_of(file), "");
    EXPECT_TRUE(read_rois(file).annotations.empty());
    put(file, {});
    EXPECT_NE(message_of(file).find("zip archive is damaged"), std::string::npos);
}

}  // namespace
}  // namespace unet
