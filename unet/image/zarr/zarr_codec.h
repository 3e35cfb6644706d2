#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace unet {

/// True for "none", "zlib", "gzip", "zstd" and "blosc": the compressors that unpack_chunk knows.
bool is_zarr_codec(std::string_view name);

/// Unpacks the bytes of a chunk so that they fill `values`. False where they are damaged or unpack
/// to another number of bytes; nothing is written beyond `values`.
bool unpack_chunk(std::string_view codec, std::span<const std::byte> packed,
                  std::span<std::byte> values);

/// Bytes that the codec "crc32c" puts behind what it is given.
constexpr std::int64_t checksum_bytes = 4;

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of bytes.
std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept;

/// The same for bytes that went through several codecs, the first of them first: "crc32c" anywhere
/// and at most one of the others. Returns what is wrong: "is damaged", "has a wrong checksum", or
/// nothing.
std::string_view unpack_chain(std::span<const std::string> codecs,
                              std::span<const std::byte> packed, std::span<std::byte> values);

/// blosc's compression level of what pack_blosc() packs.
inline constexpr int zarr_packing_level = 2;

/// The bytes of a chunk of samples of `sample_bytes` as blosc packs them: zstd of shuffled bytes.
/// Equal values give equal bytes.
void pack_blosc(std::span<const std::byte> values, std::int64_t sample_bytes,
                std::vector<std::byte>& packed);

}  // namespace unet
