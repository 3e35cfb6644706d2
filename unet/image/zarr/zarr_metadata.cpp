#include "unet/image/zarr/zarr_metadata.h"

#include "unet/core/error.h"
#include "unet/image/zarr/zarr_json.h"

namespace unet {
namespace {

// Larger ones are not met: readers hold whole chunks, and blosc ends at 2 GB.
constexpr std::int64_t most_chunk_bytes = std::int64_t{1} << 30;
// Each takes 16 bytes of the list that a shard has, which is held.
constexpr double most_chunks_per_shard = 1 << 22;

void check_sizes(const ZarrMetadata& array, const std::filesystem::path& folder) {
    if (array.shape.size() != array.chunk_shape.size())
        refuse_zarr(folder, fmt::format("it has {} axes, its chunks have {}", array.shape.size(),
                                        array.chunk_shape.size()));
    double bytes = array.bits / 8, chunks = 1.0;
    for (const std::int64_t length : array.chunk_shape) bytes *= static_cast<double>(length);
    if (bytes > static_cast<double>(most_chunk_bytes))
        refuse_zarr_kind(folder, fmt::format("one of its chunks takes {:.1f} GB", bytes / 1e9));
    if (array.shard_shape.empty()) return;
    if (array.shard_shape.size() != array.shape.size())
        refuse_zarr(folder, fmt::format("it has {} axes, its shards have {}", array.shape.size(),
                                        array.shard_shape.size()));
    for (std::size_t axis = 0; axis < array.shape.size(); ++axis) {
        if (array.shard_shape[axis] % array.chunk_shape[axis] != 0)
            refuse_zarr(folder,
                        fmt::format("its shards of {} along axis {} are no multiple of "
                                    "its chunks of {}",
                                    array.shard_shape[axis], axis, array.chunk_shape[axis]));
        chunks *= static_cast<double>(array.chunks_per_shard(axis));
    }
    if (chunks > most_chunks_per_shard)
        refuse_zarr_kind(folder, fmt::format("one of its shards has {:.0f} chunks", chunks));
}

}  // namespace

std::int64_t ZarrMetadata::chunk_bytes() const noexcept {
    std::int64_t bytes = bits / 8;
    for (const std::int64_t length : chunk_shape) bytes *= length;
    return bytes;
}

std::int64_t ZarrMetadata::chunks_per_shard(std::size_t axis) const noexcept {
    return shard_shape.empty() ? 1 : shard_shape[axis] / chunk_shape[axis];
}

std::int64_t ZarrMetadata::chunks_per_shard() const noexcept {
    std::int64_t chunks = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) chunks *= chunks_per_shard(axis);
    return chunks;
}

ZarrMetadata read_zarr_metadata(const std::filesystem::path& folder) {
    ZarrMetadata array = std::filesystem::exists(folder / "zarr.json")
                             ? zarr_metadata_of_v3(folder)
                             : zarr_metadata_of_v2(folder);
    check_sizes(array, folder);
    return array;
}

std::vector<std::int64_t> zarr_lengths(const nlohmann::json& object, const char* key,
                                       const std::filesystem::path& folder) {
    constexpr std::int64_t most = std::int64_t{1} << 31;
    constexpr std::size_t most_axes = 8;
    const auto found = object.find(key);
    std::vector<std::int64_t> lengths;
    if (found != object.end() && found->is_array() && found->size() <= most_axes)
        for (const auto& length : *found)
            if (length.is_number_unsigned() && length.get<std::uint64_t>() > 0 &&
                length.get<std::uint64_t>() <= most)
                lengths.push_back(length.get<std::int64_t>());
    if (lengths.empty() || lengths.size() != found->size())
        refuse_zarr(folder, fmt::format("its '{}' is no list of lengths", key));
    return lengths;
}

}  // namespace unet
