#include "unet/image/zarr_codec.h"

#include <blosc.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

#include "unet/core/error.h"

namespace unet {
namespace {

bool unpack_zlib(std::span<const std::byte> packed, std::span<std::byte> values) {
    constexpr int either_header = 15 + 32;  // the largest window; zlib's header or gzip's
    if (packed.size() > std::numeric_limits<uInt>::max() ||
        values.size() > std::numeric_limits<uInt>::max())
        return false;
    z_stream stream{};
    if (inflateInit2(&stream, either_header) != Z_OK) return false;
    // zlib only reads what next_in points to.
    stream.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));  // NOLINT: see above
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(values.data());
    stream.avail_out = static_cast<uInt>(values.size());
    const int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return result == Z_STREAM_END && stream.avail_out == 0;
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

void pack_blosc(std::span<const std::byte> values, std::int64_t sample_bytes,
                std::vector<std::byte>& packed) {
    // Higher levels of zstd gain little on labels and on probabilities.
    constexpr int level = 3, one_thread = 1;
    constexpr std::size_t own_block_size = 0;
    packed.resize(values.size() + BLOSC_MAX_OVERHEAD);
    const int bytes = blosc_compress_ctx(
        level, BLOSC_SHUFFLE, static_cast<std::size_t>(sample_bytes), values.size(), values.data(),
        packed.data(), packed.size(), BLOSC_ZSTD_COMPNAME, own_block_size, one_thread);
    if (bytes <= 0) fail(ErrorCode::memory, "blosc cannot pack {} bytes", values.size());
    packed.resize(static_cast<std::size_t>(bytes));
}

}  // namespace unet
