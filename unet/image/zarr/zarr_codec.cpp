#include "unet/image/zarr/zarr_codec.h"

#include <blosc.h>
#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "unet/core/bytes.h"
#include "unet/core/error.h"

namespace unet {
namespace {

/// With zlib's header or gzip's.
bool unpack_zlib(std::span<const std::byte> packed, std::span<std::byte> values) {
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    const bool gzip = packed.size() > 1 && whole_number(packed.first(2)) == 0x8b1f;
    const auto unpack = gzip ? libdeflate_gzip_decompress : libdeflate_zlib_decompress;
    return decompressor != nullptr &&
           unpack(decompressor.get(), packed.data(), packed.size(), values.data(), values.size(),
                  nullptr) == LIBDEFLATE_SUCCESS;
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    constexpr std::uint32_t reversed_polynomial = 0x82F63B78;
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest >> 1) ^ ((rest & 1) != 0 ? reversed_polynomial : 0);
        table[byte] = rest;
    }
    return table;
}

/// True if the last bytes are the checksum of the others, little-endian.
bool has_its_checksum(std::span<const std::byte> bytes) {
    const auto content = bytes.first(bytes.size() - checksum_bytes);
    return crc32c(content) == load<std::uint32_t>(bytes.data() + content.size());
}

bool unpack_blosc(std::span<const std::byte> packed, std::span<std::byte> values) {
    std::size_t bytes = 0;
    if (blosc_cbuffer_validate(packed.data(), packed.size(), &bytes) != 0 || bytes != values.size())
        return false;
    return blosc_decompress_ctx(packed.data(), values.data(), values.size(), 1) ==
           static_cast<int>(values.size());
}

}  // namespace

bool is_zarr_codec(std::string_view name) {
    constexpr std::string_view known[] = {"none", "zlib", "gzip", "zstd", "blosc"};
    return std::find(std::begin(known), std::end(known), name) != std::end(known);
}

bool unpack_chunk(std::string_view codec, std::span<const std::byte> packed,
                  std::span<std::byte> values) {
    if (codec == "blosc") return unpack_blosc(packed, values);
    if (codec == "zstd")
        return ZSTD_decompress(values.data(), values.size(), packed.data(), packed.size()) ==
               values.size();
    if (codec == "zlib" || codec == "gzip") return unpack_zlib(packed, values);
    if (packed.size() != values.size()) return false;
    std::copy(packed.begin(), packed.end(), values.begin());
    return true;
}

std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept {
    static constexpr auto table = make_crc_table();
    std::uint32_t rest = ~std::uint32_t{0};
    for (const std::byte byte : bytes)
        rest = (rest >> 8) ^ table[(rest ^ std::to_integer<std::uint32_t>(byte)) & 0xFF];
    return ~rest;
}

std::string_view unpack_chain(std::span<const std::string> codecs,
                              std::span<const std::byte> packed, std::span<std::byte> values) {
    constexpr std::string_view damaged = "is damaged", wrong_checksum = "has a wrong checksum";
    const auto checksum = static_cast<std::size_t>(checksum_bytes);
    const std::string_view last = codecs.empty() ? std::string_view("none") : codecs.back();
    if (codecs.size() <= 1 && last != "crc32c")
        return unpack_chunk(last, packed, values) ? std::string_view() : damaged;
    const auto before = codecs.first(codecs.size() - 1);
    if (last == "crc32c") {
        if (packed.size() < checksum) return damaged;
        if (!has_its_checksum(packed)) return wrong_checksum;
        return unpack_chain(before, packed.first(packed.size() - checksum), values);
    }
    // What was compressed is the values and their checksums.
    std::vector<std::byte> inner(values.size() + before.size() * checksum);
    if (!unpack_chunk(last, packed, inner)) return damaged;
    return unpack_chain(before, inner, values);
}

void pack_blosc(std::span<const std::byte> values, std::int64_t sample_bytes,
                std::vector<std::byte>& packed) {
    // The next level takes 2.4 times as long for 2 % less (8-bit probabilities).
    constexpr int level = zarr_packing_level, one_thread = 1;
    constexpr std::size_t own_block_size = 0;
    packed.resize(values.size() + BLOSC_MAX_OVERHEAD);
    const int bytes = blosc_compress_ctx(
        level, BLOSC_SHUFFLE, static_cast<std::size_t>(sample_bytes), values.size(), values.data(),
        packed.data(), packed.size(), BLOSC_ZSTD_COMPNAME, own_block_size, one_thread);
    if (bytes <= 0) fail(ErrorCode::memory, "blosc cannot pack {} bytes", values.size());
    packed.resize(bytes);
}

}  // namespace unet
