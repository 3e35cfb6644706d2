#include "unet/image/zarr/zarr_shard.h"

#include <limits>
#include <span>

#include "unet/core/error.h"
#include "unet/image/zarr/zarr_codec.h"
#include "unet/image/zarr/zarr_json.h"

namespace unet {
namespace {

constexpr std::int64_t bytes_per_entry = 2 * sizeof(std::uint64_t);
constexpr std::uint64_t not_stored = std::numeric_limits<std::uint64_t>::max();

}  // namespace

std::int64_t ZarrShard::index_bytes(const ZarrMetadata& array) noexcept {
    return array.chunks_per_shard() * bytes_per_entry +
           static_cast<std::int64_t>(array.index_codecs.packing.size()) * checksum_bytes;
}

ZarrShard::ZarrShard(const std::filesystem::path& path, const ZarrMetadata& array)
    : path_(path), file_(path, std::ios::binary) {
    std::error_code error;
    file_bytes_ = std::filesystem::file_size(path, error);
    if (!file_ || error) fail(ErrorCode::io, "cannot read '{}'", path.string());
    const auto needed = static_cast<std::uint64_t>(index_bytes(array));
    if (file_bytes_ < needed)
        refuse_zarr(path, fmt::format("a shard of {} bytes has no list of {} chunks", file_bytes_,
                                      array.chunks_per_shard()));
    const auto packed = bytes_at(array.index_first ? 0 : file_bytes_ - needed, needed);
    index_.resize(2 * array.chunks_per_shard());
    const auto values = std::as_writable_bytes(std::span(index_));
    const auto fault = unpack_chain(array.index_codecs.packing, packed, values);
    if (!fault.empty()) refuse_zarr(path, fmt::format("the list of its chunks {}", fault));
    if (array.index_codecs.swapped) swap_bytes(values, sizeof(std::uint64_t));
}

std::optional<std::vector<std::byte>> ZarrShard::chunk(std::int64_t number, std::size_t limit) {
    const auto entry = 2 * static_cast<std::size_t>(number);
    const std::uint64_t offset = index_[entry], count = index_[entry + 1];
    if (offset == not_stored && count == not_stored) return std::nullopt;
    if (offset > file_bytes_ || count > file_bytes_ - offset)
        refuse_zarr(path_,
                    fmt::format("its chunk {} ends beyond its {} bytes", number, file_bytes_));
    if (count > limit)
        refuse_zarr(path_, fmt::format("its chunk {} takes {} bytes, at most {} are possible",
                                       number, count, limit));
    return bytes_at(offset, count);
}

std::vector<std::byte> ZarrShard::bytes_at(std::uint64_t offset, std::uint64_t count) {
    std::vector<std::byte> bytes(count);
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
    if (!file_) fail(ErrorCode::io, "cannot read '{}'", path_.string());
    return bytes;
}

}  // namespace unet
