#include "unet/image/file_source.h"

#include <gtest/gtest.h>
#include <tiffio.h>

#include <algorithm>
#include <cstring>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/core/random.h"
#include "unet/image/read.h"
#include "unet/image/write.h"

namespace unet {
namespace {

/// What a source gives for a box of the image that read_image gives.
std::vector<float> box_of(const Image& image, const Region& region) {
    std::vector<float> values(image.channels * region.size.elements());
    ImageSource(image).read(region, values);
    return values;
}

/// Boxes from top to bottom, as tiles are read, then some from anywhere.
std::vector<Region> regions_of(const Size3& size) {
    std::vector<Region> regions;
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += 3)
            for (std::int64_t x = 0; x < size.width; x += 5)
                regions.push_back({z,
                                   y,
                                   x,
                                   {1, std::min<std::int64_t>(7, size.height - y),
                                    std::min<std::int64_t>(6, size.width - x)}});
    Random random(4, Purpose::test);
    for (int i = 0; i < 20; ++i) {
        const std::int64_t z = random.below(size.depth), y = random.below(size.height),
                           x = random.below(size.width);
        regions.push_back({z,
                           y,
                           x,
                           {1 + random.below(size.depth - z), 1 + random.below(size.height - y),
                            1 + random.below(size.width - x)}});
    }
    return regions;
}

void expect_the_values_of(const Image& image, FileSource& source) {
    ASSERT_EQ(source.size(), image.size);
    ASSERT_EQ(source.channels(), image.channels);
    EXPECT_EQ(source.type(), image.type);
    EXPECT_EQ(source.rgb(), image.rgb);
    for (const Region& region : regions_of(image.size)) {
        std::vector<float> values(image.channels * region.size.elements());
        source.read(region, values);
        const auto expected = box_of(image, region);
        ASSERT_EQ(std::memcmp(values.data(), expected.data(), values.size() * sizeof(float)), 0)
            << "z " << region.z << " y " << region.y << " x " << region.x;
    }
}

std::vector<std::string> readable_files() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(test_files())) {
        const bool is_zarr = entry.path().extension() == ".zarr";
        if (!is_zarr && (!entry.is_regular_file() || !is_image_file(entry.path()))) continue;
        try {
            read_image(entry.path());
            names.push_back(std::filesystem::relative(entry.path(), test_files()).string());
        } catch (const Error&) {
            // Files of other tests, which are refused.
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

TEST(FileSourceTest, RegionsOfEveryFileAreThoseOfTheWholeImage) {
    const auto names = readable_files();
    ASSERT_GT(names.size(), 50u);
    for (const std::string& name : names) {
        SCOPED_TRACE(name);
        FileSource source(test_files() / name);
        expect_the_values_of(read_image(test_files() / name), source);
    }
}

using FileSourceFolderTest = FolderTest;

/// A deflated TIFF of 8-bit tiles, 16 x 16.
void write_tiled(const std::filesystem::path& path, std::uint32_t height, std::uint32_t width) {
    TIFF* tiff = TIFFOpen(path.c_str(), "w");
    for (const auto& [tag, value] :
         {std::pair{TIFFTAG_IMAGELENGTH, height}, std::pair{TIFFTAG_IMAGEWIDTH, width},
          std::pair{TIFFTAG_TILELENGTH, 16u}, std::pair{TIFFTAG_TILEWIDTH, 16u}})
        TIFFSetField(tiff, static_cast<std::uint32_t>(tag), value);
    for (const auto& [tag, value] :
         {std::pair{TIFFTAG_BITSPERSAMPLE, 8}, std::pair{TIFFTAG_SAMPLESPERPIXEL, 1},
          std::pair{TIFFTAG_COMPRESSION, int{COMPRESSION_ADOBE_DEFLATE}},
          std::pair{TIFFTAG_PLANARCONFIG, int{PLANARCONFIG_CONTIG}},
          std::pair{TIFFTAG_PHOTOMETRIC, int{PHOTOMETRIC_MINISBLACK}}})
        TIFFSetField(tiff, static_cast<std::uint32_t>(tag), value);
    std::vector<std::uint8_t> tile(256);
    for (std::uint32_t y = 0; y < height; y += 16)
        for (std::uint32_t x = 0; x < width; x += 16) {
            for (std::uint32_t i = 0; i < 256; ++i)
                tile[i] = static_cast<std::uint8_t>((y + i / 16) * 7 + (x + i % 16) * 13);
            TIFFWriteTile(tiff, tile.data(), x, y, 0, 0);
        }
    TIFFClose(tiff);
}

TEST_F(FileSourceFolderTest, OfATiledPictureTheWindowIsFewRowsOfTiles) {
    write_tiled(folder / "tiled.tif", 200, 90);
    FileSource source(folder / "tiled.tif");
    expect_the_values_of(read_image(folder / "tiled.tif"), source);
    // Seven rows may lie in three rows of tiles.
    EXPECT_EQ(source.window_bytes(7), 90 * (7 + 2 * 15));
    EXPECT_EQ(source.window_bytes(200), 90 * 200);
}

TEST_F(FileSourceFolderTest, TilesAreDecodedOnSeveralThreadsToTheSameValues) {
    write_tiled(folder / "tiled.tif", 200, 90);
    const Image whole = read_image(folder / "tiled.tif");
    FileSource source(folder / "tiled.tif", {}, 3);
    expect_the_values_of(whole, source);
    // Each further thread holds a tile of 16 x 16, packed and unpacked.
    EXPECT_EQ(source.window_bytes(7), 90 * (7 + 2 * 15) + 2 * 2 * 256);
    for (const std::string& name : readable_files()) {
        SCOPED_TRACE(name);
        FileSource each(test_files() / name, {}, 2);
        expect_the_values_of(read_image(test_files() / name), each);
    }
}

TEST_F(FileSourceFolderTest, ABrokenTileIsAnErrorOnAnyThread) {
    write_tiled(folder / "tiled.tif", 200, 90);
    auto bytes = read_file(folder / "tiled.tif");
    std::fill(bytes.begin() + std::ssize(bytes) / 3, bytes.begin() + std::ssize(bytes) / 2,
              std::byte{0xAB});
    write_file_atomically(folder / "tiled.tif", bytes);
    FileSource source(folder / "tiled.tif", {}, 3);
    std::vector<float> values(200 * 90);
    EXPECT_NE(message_of([&] {
                  source.read({0, 0, 0, {1, 200, 90}}, values);
              }).find("cannot be decoded"),
              std::string::npos);
}

TEST_F(FileSourceFolderTest, StripsNeedNoMoreThanTheRowsAskedFor) {
    Image image{{1, 300, 40}, 2, std::vector<float>(300 * 40 * 2, 3.0f), SampleType::u16, {}};
    write_image(folder / "strips.tif", image);
    EXPECT_EQ(FileSource(folder / "strips.tif").window_bytes(10), 10 * 40 * 2 * 2);
}

TEST_F(FileSourceFolderTest, OfZarrTheWindowIsFewRowsOfChunks) {
    // 17 x 23 pixels of 8 bits, chunks of 8 x 8: unpacked and packed one of them is held besides.
    FileSource source(test_files() / "plain.zarr");
    EXPECT_EQ(source.window_bytes(1), (1 + 2 * 7) * 23 + 2 * 64);
    EXPECT_EQ(source.window_bytes(17), 17 * 23 + 2 * 64);
    // Of chunks of two planes all that cover a plane are kept for the second one.
    EXPECT_EQ(FileSource(test_files() / "zstd.zarr").window_bytes(17),
              17 * 23 + (9 + 1) * 2 * 8 * 8);
}

TEST_F(FileSourceFolderTest, OfPlainNiftiTheWindowIsTheRowsAskedFor) {
    const FileSource source(test_files() / "plane.nii");
    const std::int64_t whole = source.window_bytes(source.size().height);
    EXPECT_EQ(source.window_bytes(1) * source.size().height, whole);
    const FileSource packed(test_files() / "i16.nii.gz");
    EXPECT_EQ(packed.window_bytes(1), packed.window_bytes(packed.size().height));
}

TEST_F(FileSourceFolderTest, ErrorsAreThoseOfReadImage) {
    EXPECT_NE(message_of([&] { FileSource(folder / "none.tif"); }), "");
    EXPECT_EQ(message_of([&] { FileSource(folder / "none.tif"); }),
              message_of([&] { read_image(folder / "none.tif"); }));
}

TEST_F(FileSourceFolderTest, LabelsThatNoFloatTellsApartAreRead) {
    const LabelMap map{{1, 2, 3}, {16777217, 16777216, 0, 4294967295, 5, 16777219}, {}};
    write_labels(folder / "ids.tif", map);
    FileSource source(folder / "ids.tif", {}, 1, FileUse::labels);
    std::vector<std::uint32_t> labels(2);
    source.read_labels({0, 1, 0, {1, 1, 2}}, labels);
    EXPECT_EQ(labels, (std::vector<std::uint32_t>{4294967295, 5}));
}

TEST(FileSourceTest, AsLabelsItGivesWhatIsStored) {
    for (const char* name : {"palette8.png", "palette4.png", "palette.tif", "white_is_zero.tif",
                             "by_imagej_mask.tif", "rgb_of_grey.tif", "grey_alpha.png"}) {
        const LabelMap expected = read_labels(test_files() / name);
        FileSource source(test_files() / name, {}, 1, FileUse::labels);
        ASSERT_EQ(source.channels(), 1) << name;
        std::vector<float> values(expected.values.size());
        source.read({0, 0, 0, expected.size}, values);
        EXPECT_TRUE(std::equal(values.begin(), values.end(), expected.values.begin())) << name;
        std::vector<std::uint32_t> labels(expected.values.size());
        source.read_labels({0, 0, 0, expected.size}, labels);
        EXPECT_EQ(labels, expected.values) << name;
        EXPECT_EQ(source.label_storage(), expected.storage) << name;
    }
    EXPECT_PRED2(contains, message_of([] {
                     FileSource source(test_files() / "photo.jpg", {}, 1, FileUse::labels);
                 }),
                 "is a JPEG");
}

}  // namespace
}  // namespace unet
