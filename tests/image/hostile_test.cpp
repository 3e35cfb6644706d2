#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <tiffio.h>
#include <zlib.h>

#include <fstream>

#include "folder.h"
#include "unet/image/file_source.h"
#include "unet/image/read.h"

// Small files that claim, or unpack to, more than there is: an Error, in little memory.

namespace unet {
namespace {

std::int64_t peak_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024;
}

/// Since there were `before` bytes. The sanitizer keeps what was freed.
void expect_taken_below([[maybe_unused]] std::int64_t bytes, [[maybe_unused]] std::int64_t before) {
#if !defined(__SANITIZE_ADDRESS__)
    EXPECT_LT(peak_bytes() - before, bytes);
#endif
}

/// Expects an Error with `part` from the whole image and from a region of it.
void expect_refused(const std::filesystem::path& path, const std::string& part) {
    constexpr std::int64_t most_bytes = std::int64_t{64} << 20;
    const std::int64_t before = peak_bytes();
    EXPECT_PRED2(contains, message_of([&] { read_image(path); }), part);
    EXPECT_PRED2(contains, message_of([&] {
                     FileSource source(path);
                     std::vector<float> values(1);
                     source.read({0, 0, 0, {1, 1, 1}}, values);
                 }),
                 part);
    expect_taken_below(most_bytes, before);
}

void write_text(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

/// `bytes` zeros, deflated with zlib's header.
std::string deflated_zeros(std::size_t bytes) {
    const std::string zeros(bytes, '\0');
    std::string packed(compressBound(bytes), '\0');
    uLongf size = packed.size();
    compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(zeros.data()), bytes);
    return packed.substr(0, size);
}

using HostileTest = FolderTest;

TEST_F(HostileTest, ACycleOfTiffDirectories) {
    expect_refused(test_files() / "cycle.tif", "not a readable TIFF");
}

TEST_F(HostileTest, FourKilobytesThatClaimATrillionPixels) {
    for (const char* name : {"absurd.tif", "absurd_deflate.tif", "absurd.png", "absurd.nii"})
        expect_refused(test_files() / name, "cannot hold");
    expect_refused(test_files() / "absurd.zarr", "claims");
}

TEST_F(HostileTest, APngOf91BytesThatClaimsRowsOfAGigabyte) {
    expect_refused(std::filesystem::path(UNET_SOURCE_DIR) / "tests/fuzz/found/png/wide_rows.png",
                   "cannot hold");
}

/// An OME-Zarr image of 8 x 8 pixels in chunks of `edge` x `edge`.
void write_zarr(const std::filesystem::path& path, std::int64_t edge, const std::string& chunk) {
    write_text(path / ".zattrs",
               R"({"multiscales":[{"axes":["y","x"],"datasets":[{"path":"0"}]}]})");
    write_text(path / "0/.zarray",
               fmt::format(R"({{"zarr_format":2,"shape":[8,8],"chunks":[{0},{0}],"dtype":"|u1",)"
                           R"("compressor":{{"id":"zlib"}},"fill_value":0,"order":"C",)"
                           R"("filters":null}})",
                           edge));
    write_text(path / "0/0.0", chunk);
}

TEST_F(HostileTest, AZarrChunkThatUnpacksToMoreThanItsPixels) {
    write_zarr(folder / "sound.zarr", 8, deflated_zeros(64));
    EXPECT_EQ(message_of([&] { read_image(folder / "sound.zarr"); }), "");
    write_zarr(folder / "bomb.zarr", 8, deflated_zeros(std::size_t{48} << 20));
    expect_refused(folder / "bomb.zarr", "is damaged");
}

TEST_F(HostileTest, MetadataOfZarrThatAreNestedDeeply) {
    const std::string deep = std::string(100000, '[') + std::string(100000, ']');
    write_zarr(folder / "a.zarr", 8, "");
    write_text(folder / "a.zarr/.zattrs", R"({"multiscales":[{"axes":)" + deep + "}]}");
    expect_refused(folder / "a.zarr", "nested too deeply");
    write_zarr(folder / "b.zarr", 8, "");
    write_text(folder / "b.zarr/0/.zarray", R"({"shape":[8,8],"chunks":[8,8],"dtype":"|u1",)"
                                            R"("filters":)" +
                                                deep + "}");
    expect_refused(folder / "b.zarr", "nested too deeply");
}

TEST_F(HostileTest, AZarrChunkThatIsMuchLargerThanItsImageIsCounted) {
    write_zarr(folder / "large.zarr", 30000, "");
    FileSource source(folder / "large.zarr");
    EXPECT_GE(source.window_bytes(1), std::int64_t{30000} * 30000);
    write_zarr(folder / "absurd.zarr", 40000, "");
    expect_refused(folder / "absurd.zarr", "one of its chunks takes 1.6 GB");
}

TEST_F(HostileTest, ATiffStripThatUnpacksToMoreThanItsPixels) {
    const std::string packed = deflated_zeros(std::size_t{48} << 20);
    for (const std::uint32_t height : {8u, 100000u}) {
        const auto path = folder / "bomb.tif";
        TIFF* tiff = TIFFOpen(path.c_str(), "w");
        for (const auto& [tag, value] :
             {std::pair{TIFFTAG_IMAGELENGTH, height}, std::pair{TIFFTAG_IMAGEWIDTH, 8u},
              std::pair{TIFFTAG_ROWSPERSTRIP, height}})
            TIFFSetField(tiff, static_cast<std::uint32_t>(tag), value);
        for (const auto& [tag, value] :
             {std::pair{TIFFTAG_BITSPERSAMPLE, 8}, std::pair{TIFFTAG_SAMPLESPERPIXEL, 1},
              std::pair{TIFFTAG_COMPRESSION, int{COMPRESSION_ADOBE_DEFLATE}},
              std::pair{TIFFTAG_PHOTOMETRIC, int{PHOTOMETRIC_MINISBLACK}}})
            TIFFSetField(tiff, static_cast<std::uint32_t>(tag), value);
        std::string strip = packed;
        TIFFWriteRawStrip(tiff, 0, strip.data(), static_cast<tmsize_t>(strip.size()));
        TIFFClose(tiff);
        // What is beyond the pixels is never unpacked: an image, and no memory.
        const std::int64_t before = peak_bytes();
        EXPECT_EQ(read_image(path).size.height, height);
        expect_taken_below(std::int64_t{16} << 20, before);
    }
}

}  // namespace
}  // namespace unet
