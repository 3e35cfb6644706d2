#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace unet {

/// True for "none", "zlib", "gzip", "zstd" and "blosc": the compressors that unpack_chunk knows.
bool is_zarr_codec(std::string_view name);

/// Unpacks the bytes of a chunk so that they fill `values`. False where they are damaged or unpack
/// to another number of bytes; nothing is written beyond `values`.
bool unpack_chunk(std::string_view codec, std::span<const std::byte> packed,
                  std::span<std::byte> values);

}  // namespace unet
