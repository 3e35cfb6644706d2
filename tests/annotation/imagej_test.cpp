// Regions written by ImageJ are filled to the pixels that ImageJ fills (imagej/MakeRois.java).
#include "unet/annotation/imagej_roi.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "unet/annotation/fill.h"
#include "unet/annotation/zip.h"
#include "unet/core/error.h"
#include "unet/core/file.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(UNET_SOURCE_DIR) / "tests/annotation/imagej";

/// A file of this test, gone when the test is over.
class Scratch {
public:
    explicit Scratch(const std::string& name)
        : path_(fs::temp_directory_path() / fmt::format("unet {} {}", ::getpid(), name)) {}
    ~Scratch() { fs::remove(path_); }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// Without waiting for the disk, which a test need not.
void put(const fs::path& path, std::span<const std::byte> bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

std::string message_of(const fs::path& path) {
    try {
        read_rois(path);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

TEST(ImageJTest, EveryRegionHasThePixelsOfImageJ) {
    const auto entries = read_zip(folder / "RoiSet.zip");
    const AnnotatedImage read = read_rois(folder / "RoiSet.zip");
    const LabelMap masks = read_labels(folder / "masks.tif");
    ASSERT_EQ(masks.size.depth, std::ssize(entries));
    std::map<std::string, const Annotation*> by_name;
    for (const Annotation& annotation : read.annotations)
        by_name[annotation.name + ".roi"] = &annotation;
    EXPECT_EQ(read.without_area, 2);  // a point and a line
    EXPECT_EQ(std::ssize(read.annotations) + read.without_area, std::ssize(entries));
    for (std::int64_t z = 0; z < masks.size.depth; ++z) {
        const std::string& name = entries[z].name;
        if (by_name.count(name) == 0) continue;
        std::vector<std::uint32_t> pixels(64 * 48, 0);
        for (const PixelRun& run : filled(*by_name[name], 48, 64))
            for (std::int64_t x = run.x; x < run.end; ++x) pixels[run.y * 64 + x] = 255;
        EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), masks.plane(z))) << name;
    }
}

TEST(ImageJTest, PlacesInStacksAndGroups) {
    std::map<std::string, Annotation> by_name;
    for (const Annotation& annotation : read_rois(folder / "RoiSet.zip").annotations)
        by_name[annotation.name] = annotation;
    EXPECT_EQ(by_name["slice3"].place, (StackPlace{2, -1, -1}));
    EXPECT_EQ(by_name["z4t2"].place, (StackPlace{-1, 3, 1}));
    EXPECT_EQ(by_name["rectangle"].place, StackPlace{});
    EXPECT_EQ(by_name["group7"].class_name, "group 7");
    EXPECT_EQ(by_name["rectangle"].class_name, "");
}

TEST(ImageJTest, ARegionAloneIsRead) {
    const Scratch file("alone.roi");
    put(file.path(), read_zip(folder / "RoiSet.zip")[0].bytes);
    EXPECT_EQ(read_rois(file.path()).annotations.size(), 1u);
}

TEST(ImageJTest, CutOffAnywhereIsAnErrorAndNeverMore) {
    for (const ZipEntry& entry : read_zip(folder / "RoiSet.zip"))
        for (std::size_t size = 0; size < entry.bytes.size(); size += 7) {
            const Scratch file("cut.roi");
            put(file.path(), std::span(entry.bytes).first(size));
            if (size < 64)
                EXPECT_NE(message_of(file.path()), "") << entry.name << " " << size;
            else
                message_of(file.path());
        }
}

TEST(ImageJTest, ChangedBytesAreReadOrRefused) {
    const Scratch file("changed.roi");
    std::uint32_t state = 1;
    const auto draw = [&](std::size_t below) {
        state = state * 1664525u + 1013904223u;
        return static_cast<std::size_t>(state >> 8) % below;
    };
    int read = 0, refused = 0;
    for (const ZipEntry& entry : read_zip(folder / "RoiSet.zip"))
        for (int i = 0; i < 100; ++i) {
            auto bytes = entry.bytes;
            for (int change = 0; change < 3; ++change)
                bytes[draw(bytes.size())] = static_cast<std::byte>(draw(256));
            put(file.path(), bytes);
            try {
                for (const Annotation& annotation : read_rois(file.path()).annotations)
                    filled(annotation, 48, 64);
                ++read;
            } catch (const Error&) {
                ++refused;
            }
        }
    EXPECT_GT(read, 0);
    EXPECT_GT(refused, 0);
}

TEST(ImageJTest, DamagedArchives) {
    const auto whole = read_file(folder / "RoiSet.zip");
    const Scratch file("damaged.zip");
    const auto told = [&](const std::vector<std::byte>& bytes) {
        put(file.path(), bytes);
        return message_of(file.path());
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

TEST(ImageJTest, ArchivesThatClaimAbsurdSizes) {
    const Scratch file("bomb.zip");
    auto bytes = zip_of({{"a.roi", std::vector<std::byte>(1000)}});
    const auto directory = static_cast<std::size_t>(bytes.size() - 22 - 46 - 5);
    for (std::size_t i = 0; i < 4; ++i) bytes[directory + 24 + i] = std::byte{0x7f};
    put(file.path(), bytes);
    EXPECT_NE(message_of(file.path()).find("more than is accepted"), std::string::npos);
    const auto honest = zip_of({{"a.roi", std::vector<std::byte>(most_bytes_of_entry + 1)}});
    put(file.path(), honest);
    EXPECT_NE(message_of(file.path()).find("more than is accepted"), std::string::npos);
}

TEST(ImageJTest, AnArchiveWithoutRegions) {
    const Scratch file("other.zip");
    put(file.path(), zip_of({{"a.txt", {}}}));
    EXPECT_NE(message_of(file.path()).find("found no .roi"), std::string::npos);
    put(file.path(), zip_of({}));  // a picture without objects
    EXPECT_EQ(message_of(file.path()), "");
    EXPECT_TRUE(read_rois(file.path()).annotations.empty());
    put(file.path(), {});
    EXPECT_NE(message_of(file.path()).find("zip archive is damaged"), std::string::npos);
}

}  // namespace
}  // namespace unet
