#include <gtest/gtest.h>

#include <fstream>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/core/random.h"
#include "unet/image/file_source.h"
#include "unet/image/read.h"

// Damaged files: an Error or a result, never a crash, whatever the damage.

namespace unet {
namespace {

using DamageTest = FolderTest;

const char* const sound_files[] = {"palette8.png",
                                   "interlaced_rgb16.png",
                                   "rgb_tiles_deflate.tif",
                                   "rgb16_planar_lzw.tif",
                                   "imagej_hyperstack.tif",
                                   "u8_packbits_strips.tif",
                                   "u16_bigtiff.tif",
                                   "ome_zcyx.ome.tif",
                                   "bilevel.tif",
                                   "f32_predictor_tiles.tif",
                                   "palette.tif",
                                   "u12.tif",
                                   "u8_lzma.tif",
                                   "u16_zstd_tiles_bigtiff.tif",
                                   "f64_predictor_big_endian.tif",
                                   "jpeg_rgb_tiles.tif",
                                   "imagej_raw_planes.tif",
                                   "ome_tczyx.ome.tif",
                                   "ome_pyramid.ome.tif",
                                   "../../golden/cases/stk-planes/stack.stk",
                                   "../../golden/cases/ome-no-root-uuid/a_Pos1.ome.tif",
                                   "../../golden/cases/four-channels/four.tif",
                                   "progressive.jpg",
                                   "u8.nii",
                                   "f32_two.nii.gz",
                                   "u16_series.nii.gz"};

void write_bytes(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

/// True if the file was read as an image. Any exception but Error fails the test.
bool survives(const std::filesystem::path& path) {
    try {
        const Image image = read_image(path);
        EXPECT_EQ(static_cast<std::int64_t>(image.values.size()),
                  image.channels * image.size.elements());
        return true;
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()), "");
        return false;
    }
}

bool survives_as_labels(const std::filesystem::path& path) {
    try {
        const LabelMap labels = read_labels(path);
        EXPECT_EQ(static_cast<std::int64_t>(labels.values.size()), labels.size.elements());
        return true;
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()), "");
        return false;
    }
}

TEST_F(DamageTest, APngCutAnywhereIsAnError) {
    const auto bytes = read_file(test_files() / "palette4.png");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        write_bytes(folder / "a.png", std::span(bytes).first(length));
        ASSERT_FALSE(survives(folder / "a.png")) << length;
        ASSERT_FALSE(survives_as_labels(folder / "a.png")) << length;
    }
}

TEST_F(DamageTest, AFileCutAnywhereIsAnErrorOrTheWholeImage) {
    for (const char* name : {"bilevel.tif", "u8_packbits_strips.tif", "u16_bigtiff.tif",
                             "imagej_raw_planes.tif", "photo.jpg", "plane.nii", "i16.nii.gz"}) {
        const auto bytes = read_file(test_files() / name);
        const auto whole = read_image(test_files() / name).values;
        // Every length near both ends, where the structure stands, and some between.
        std::size_t read = 0;
        for (std::size_t length = 0; length < bytes.size();
             length += length < 600 || length + 300 > bytes.size() ? 1 : 7) {
            write_bytes(folder / "a", std::span(bytes).first(length));
            if (!survives(folder / "a")) continue;
            ASSERT_EQ(read_image(folder / "a").values, whole) << name << ' ' << length;
            ++read;
        }
        // Only bytes behind the last pixel can be missed by nobody: gzip has 8 of checks there.
        EXPECT_LE(read, std::string_view(name).ends_with(".gz") ? 9u : 8u) << name;
    }
}

TEST_F(DamageTest, APageWhosePixelsEndBehindTheFileIsRefusedBeforeAnyIsRead) {
    for (const char* name : {"rgb_tiles_deflate.tif", "rgb_planar_tiles.tif", "u8_lzma.tif",
                             "u16_zstd_tiles_bigtiff.tif", "jpeg_rgb_tiles.tif"}) {
        const auto bytes = read_file(test_files() / name);
        write_bytes(folder / "a.tif", bytes);
        EXPECT_GT(FileSource(folder / "a.tif").size().elements(), 0) << name;
        write_bytes(folder / "a.tif", std::span(bytes).first(bytes.size() - 1));
        try {
            const FileSource source(folder / "a.tif");
            ADD_FAILURE() << name << " is opened";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::corrupt_file) << name;
            EXPECT_TRUE(contains(error.what(), "the pixels of its page 0 end at byte"))
                << name << ": " << error.what();
        }
    }
}

/// Changes a few bytes, and sometimes cuts the rest off.
void damage(std::vector<std::byte>& bytes, std::uint32_t number) {
    Random random(42, Purpose::test, number);
    const std::int64_t changes = 1 + random.below(6);
    // Half of the changes hit the first or last bytes, where the structure stands.
    for (std::int64_t k = 0; k < changes; ++k) {
        const auto size = static_cast<std::int64_t>(bytes.size());
        const std::int64_t near = std::min<std::int64_t>(size, 300);
        const std::int64_t at = random.chance(0.5f)   ? random.below(size)
                                : random.chance(0.5f) ? random.below(near)
                                                      : size - 1 - random.below(near);
        const auto value = random.chance(0.3f) ? (random.chance(0.5f) ? 255u : 0u) : random.bits();
        bytes[at] = static_cast<std::byte>(value);
    }
    if (random.chance(0.1f)) bytes.resize(random.below(static_cast<std::int64_t>(bytes.size())));
}

TEST_F(DamageTest, RandomChangesNeverCrash) {
    constexpr int changes_per_file = 200;
    std::uint32_t number = 0;
    for (const char* name : sound_files) {
        const auto sound = read_file(test_files() / name);
        const auto path = folder / std::filesystem::path(name).filename();
        int read = 0;
        for (int i = 0; i < changes_per_file; ++i) {
            auto bytes = sound;
            damage(bytes, number++);
            write_bytes(path, bytes);
            read += (i % 2 == 0 ? survives(path) : survives_as_labels(path)) ? 1 : 0;
        }
        // Damage must reach the decoder, not only the first check: some files still read as images.
        if (std::string_view(name).ends_with(".tif")) {
            EXPECT_GT(read, 0) << name;
        }
    }
}

TEST_F(DamageTest, RandomChangesInsideAZarrFolderNeverCrash) {
    constexpr int changes_per_file = 40;
    std::uint32_t number = 0;
    int read = 0;
    for (const char* name : {"series.ome.zarr", "zstd.zarr", "gzip_names.zarr",
                             "v3_series.ome.zarr", "v3_sparse_shards.zarr", "v3_shard_start.zarr"})
        for (const char* inside : {".zattrs", "0/.zarray", "0/0.0.0", "0/0/0/0/0/0", "zarr.json",
                                   "0/zarr.json", "0/c/0/0/0"}) {
            if (!std::filesystem::is_regular_file(test_files() / name / inside)) continue;
            const auto path = folder / std::filesystem::path(name).filename();
            std::filesystem::copy(test_files() / name, path,
                                  std::filesystem::copy_options::recursive);
            const auto sound = read_file(path / inside);
            for (int i = 0; i < changes_per_file; ++i) {
                auto bytes = sound;
                damage(bytes, number++);
                write_bytes(path / inside, bytes);
                read += survives(path) ? 1 : 0;
            }
            std::filesystem::remove_all(path);
        }
    EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace unet
