#include "unet/image/zarr/zarr_array.h"

#include <algorithm>
#include <cstring>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/zarr/zarr_codec.h"
#include "unet/image/zarr/zarr_json.h"
#include "unet/image/zarr/zarr_shard.h"

namespace unet {
namespace {

/// Values whose axis i is axis order[i] of `shape`, in the order of `shape`.
void put_in_order(std::span<const std::byte> stored, const std::vector<std::size_t>& order,
                  const std::vector<std::int64_t>& shape, std::size_t value_bytes,
                  std::span<std::byte> values) {
    const std::size_t axes = shape.size();
    std::vector<std::size_t> strides(axes, value_bytes), place(axes, 0), lengths(axes), steps(axes);
    for (std::size_t axis = axes - 1; axis > 0; --axis)
        strides[axis - 1] = strides[axis] * static_cast<std::size_t>(shape[axis]);
    for (std::size_t i = 0; i < axes; ++i) {
        lengths[i] = static_cast<std::size_t>(shape[order[i]]);
        steps[i] = strides[order[i]];
    }
    std::size_t target = 0;
    for (std::size_t at = 0; at < stored.size(); at += value_bytes) {
        std::memcpy(values.data() + target, stored.data() + at, value_bytes);
        for (std::size_t i = axes; i-- > 0;) {
            target += steps[i];
            if (++place[i] < lengths[i]) break;
            target -= steps[i] * lengths[i];
            place[i] = 0;
        }
    }
}

}  // namespace

ZarrArray::ZarrArray(const std::filesystem::path& folder)
    : folder_(folder), metadata_(read_zarr_metadata(folder)) {}

ZarrArray::~ZarrArray() = default;

std::string ZarrArray::compression() const {
    for (const std::string& name : metadata_.codecs.packing)
        if (is_zarr_codec(name)) return name;
    return "none";
}

std::int64_t ZarrArray::decoder_bytes() const noexcept {
    // The packed bytes are hardly more than the unpacked ones.
    const std::int64_t chunks = metadata_.codecs.order.empty() ? 1 : 2;
    // The list of a shard's chunks is held as it is stored and as it is read, for a moment.
    const std::int64_t index =
        metadata_.shard_shape.empty() ? 0 : 2 * ZarrShard::index_bytes(metadata_);
    return chunks * chunk_bytes() + index;
}

void ZarrArray::read_chunk(const std::vector<std::int64_t>& index, std::span<std::byte> values) {
    // What cannot be compressed grows by a few bytes for each block.
    const std::size_t most_bytes = 2 * values.size() + 65536;
    std::string file = metadata_.first_name;
    std::int64_t number = 0;  // of the chunk in its shard
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
        const std::int64_t chunks = metadata_.chunks_per_shard(axis);
        if (!file.empty()) file += metadata_.separator;
        file += fmt::format("{}", index[axis] / chunks);
        number = number * chunks + index[axis] % chunks;
    }
    const auto packed = stored_chunk(file, number, most_bytes);
    if (packed) return unpack(*packed, values, file, number);
    const auto& fill = metadata_.fill_value;
    for (std::size_t at = 0; at < values.size(); at += fill.size())
        std::copy(fill.begin(), fill.end(), values.begin() + static_cast<std::ptrdiff_t>(at));
}

std::optional<std::vector<std::byte>> ZarrArray::stored_chunk(const std::string& file,
                                                              std::int64_t number,
                                                              std::size_t most_bytes) {
    const auto path = folder_ / file;
    if (!std::filesystem::exists(path)) return std::nullopt;
    if (metadata_.shard_shape.empty()) return read_file(path, most_bytes);
    if (!shard_ || shard_file_ != file) {
        shard_.reset();  // two lists are never held
        shard_ = std::make_unique<ZarrShard>(path, metadata_);
        shard_file_ = file;
    }
    return shard_->chunk(number, most_bytes);
}

void ZarrArray::unpack(std::span<const std::byte> packed, std::span<std::byte> values,
                       const std::string& file, std::int64_t number) const {
    const ZarrCodecs& codecs = metadata_.codecs;
    std::vector<std::byte> ordered(codecs.order.empty() ? 0 : values.size());
    const std::span<std::byte> stored = codecs.order.empty() ? values : std::span(ordered);
    const auto fault = unpack_chain(codecs.packing, packed, stored);
    if (!fault.empty())
        refuse_zarr(folder_, metadata_.shard_shape.empty()
                                 ? fmt::format("its chunk {} {}", file, fault)
                                 : fmt::format("chunk {} of its shard {} {}", number, file, fault));
    const std::int64_t value_bytes = metadata_.bits / 8;
    if (codecs.swapped) swap_bytes(stored, value_bytes);
    if (!codecs.order.empty())
        put_in_order(stored, codecs.order, metadata_.chunk_shape,
                     static_cast<std::size_t>(value_bytes), values);
}

}  // namespace unet
