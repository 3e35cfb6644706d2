#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <tiffio.h>
#include <zlib.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
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

/// An array of Zarr version 3 of 8 x 8 bytes without compression; `replaced` are parts of its
/// metadata.
void write_zarr3(const std::filesystem::path& path, const std::string& chunk,
                 const nlohmann::json& replaced = {}) {
    auto array = nlohmann::json::parse(
        R"({"zarr_format":3,"node_type":"array","shape":[8,8],"data_type":"uint8","fill_value":0,
            "chunk_grid":{"name":"regular","configuration":{"chunk_shape":[8,8]}},
            "chunk_key_encoding":{"name":"default"},"codecs":["bytes"],
            "dimension_names":["y","x"]})");
    if (!replaced.is_null()) array.merge_patch(replaced);
    write_text(path / "zarr.json", array.dump());
    write_text(path / "c/0/0", chunk);
}

nlohmann::json chunks_of(std::int64_t height, std::int64_t width) {
    return {{"configuration", {{"chunk_shape", {height, width}}}}};
}

/// Shards whose chunks are `height` x `width`; their index stands first and has no checksum.
nlohmann::json shards(std::int64_t height, std::int64_t width,
                      const std::vector<nlohmann::json>& codecs = {"bytes"}) {
    const nlohmann::json index_codec = {{"name", "bytes"},
                                        {"configuration", {{"endian", "little"}}}};
    return {{"codecs",
             {{{"name", "sharding_indexed"},
               {"configuration",
                {{"chunk_shape", {height, width}},
                 {"codecs", codecs},
                 {"index_codecs", std::vector<nlohmann::json>{index_codec}},
                 {"index_location", "start"}}}}}}};
}

std::string numbers(const std::vector<std::uint64_t>& values) {
    std::string bytes(values.size() * sizeof(std::uint64_t), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

TEST_F(HostileTest, MetadataOfZarr3ThatContradict) {
    int number = 0;
    const auto refused = [&](const nlohmann::json& replaced, const std::string& part) {
        const auto path = folder / fmt::format("{}.zarr", number++);
        write_zarr3(path, std::string(64, '\0'), replaced);
        expect_refused(path, part);
    };
    refused({{"shape", {std::int64_t{1} << 31, std::int64_t{1} << 31}}}, "claims");
    refused({{"shape", {8, 0}}}, "its 'shape' is no list of lengths");
    refused({{"chunk_grid", chunks_of(0, 8)}}, "its 'chunk_shape' is no list of lengths");
    refused({{"chunk_grid", chunks_of(65536, 65536)}}, "one of its chunks takes 4.3 GB");
    refused(shards(3, 8), "no multiple of its chunks of 3");
    refused(shards(0, 8), "its 'chunk_shape' is no list of lengths");
    auto absurd = shards(1, 1);
    absurd["chunk_grid"] = chunks_of(1 << 20, 1 << 20);
    refused(absurd, "one of its shards has 1099511627776 chunks");
    refused(shards(4, 4, {shards(2, 2)["codecs"][0]}), "codec 'sharding_indexed'");
    auto packed = shards(4, 4);
    packed["codecs"].push_back({{"name", "gzip"}});
    refused(packed, "other codecs beside 'sharding_indexed'");
    refused({{"codecs", {"gzip", "bytes"}}}, "its codec 'gzip' is out of place");
    refused({{"codecs", {"bytes", "gzip", "zstd"}}}, "its codec 'zstd' is a second one");
    refused({{"codecs", {"crc32c"}}}, "its codec 'crc32c' is out of place");
    refused({{"codecs", nlohmann::json::array()}}, "it has no codec 'bytes'");
    const nlohmann::json turned = {{"name", "transpose"}, {"configuration", {{"order", {1, 1}}}}};
    refused({{"codecs", {turned, "bytes"}}}, "'transpose' has no order of its axes");
    refused({{"data_type", "uint16"}}, "its codec 'bytes' names no byte order");
    refused({{"fill_value", "7"}}, "its fill value is none of its type");
    refused({{"zarr_format", 4}}, "its version of Zarr is neither 2 nor 3");
    refused({{"masks", {{"name", "m"}}}}, "its metadata have 'masks'");
    refused({{"dimension_names", {"y"}}}, "has axes Y and 2 lengths");
    refused({{"codecs", {"bytes", {{"name", "gzip"}, {"a", 1}}}}, {"shape", 1}}, "'shape'");
    write_zarr3(folder / "deep.zarr", "");
    write_text(folder / "deep.zarr/zarr.json",
               R"({"a":)" + std::string(100000, '[') + std::string(100000, ']') + "}");
    expect_refused(folder / "deep.zarr", "nested too deeply");
}

TEST_F(HostileTest, WhatMayBeIgnoredInZarr3Is) {
    write_zarr3(folder / "a.zarr", std::string(64, '\7'),
                {{"notes", {{"name", "n"}, {"must_understand", false}}}});
    EXPECT_EQ(read_image(folder / "a.zarr").values[63], 7.0f);
}

TEST_F(HostileTest, AShardWhoseIndexIsWrong) {
    constexpr std::uint64_t none = ~std::uint64_t{0};
    int number = 0;
    const auto file = [&](const std::vector<std::uint64_t>& index, const nlohmann::json& codecs) {
        const auto path = folder / fmt::format("{}.zarr", number++);
        write_zarr3(path, numbers(index) + std::string(32, '\3'), codecs);
        return path;
    };
    // Two chunks of 32 bytes that are the same bytes: nothing says that they may not.
    const auto sound = file({32, 32, 32, 32}, shards(4, 8));
    EXPECT_EQ(read_image(sound).values, std::vector<float>(64, 3.0f));
    const auto missing = file({none, none, 32, 32}, shards(4, 8));
    EXPECT_EQ(read_image(missing).values[31], 0.0f);
    EXPECT_EQ(read_image(missing).values[32], 3.0f);
    expect_refused(file({33, 32, none, none}, shards(4, 8)), "chunk 0 ends beyond its 64 bytes");
    expect_refused(file({none, 32, none, none}, shards(4, 8)), "chunk 0 ends beyond");
    expect_refused(file({32, none, none, none}, shards(4, 8)), "chunk 0 ends beyond");
    expect_refused(file({none - 15, 32, none, none}, shards(4, 8)), "chunk 0 ends beyond");
    expect_refused(file({32, 31, none, none}, shards(4, 8)),
                   "chunk 0 of its shard c/0/0 is damaged");
    expect_refused(file({32, 0, none, none}, shards(4, 8)),
                   "chunk 0 of its shard c/0/0 is damaged");
    expect_refused(file({32}, shards(1, 1)), "40 bytes has no list of 64 chunks");
}

TEST_F(HostileTest, OfAShardOnlyTheChunksThatAreNeededAreRead) {
    constexpr std::int64_t edge = 1024, sparse_bytes = std::int64_t{1} << 32;
    const auto path = folder / "large.zarr";
    auto metadata = shards(edge, edge);
    metadata["shape"] = {2 * edge, edge};
    metadata["chunk_grid"] = chunks_of(2 * edge, edge);
    // The first chunk stands at the end of 4 GB of nothing, the second claims half of them.
    const auto first = static_cast<std::uint64_t>(sparse_bytes - edge * edge);
    write_zarr3(path, numbers({first, edge * edge, 64, std::uint64_t{1} << 31}), metadata);
    std::filesystem::resize_file(path / "c/0/0", sparse_bytes);
    const std::int64_t before = peak_bytes();
    FileSource source(path);
    std::vector<float> row(edge);
    source.read({0, edge - 1, 0, {1, 1, edge}}, row);
    EXPECT_LT(source.window_bytes(1), 8 * edge * edge);
    EXPECT_PRED2(contains, message_of([&] {
                     source.read({0, edge, 0, {1, 1, edge}}, row);
                 }),
                 "takes 2147483648 bytes, at most");
    expect_taken_below(std::int64_t{16} << 20, before);
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
