#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unet/image/stored.h"

namespace unet {

/// How the values of a chunk become the bytes that are stored.
struct ZarrCodecs {
    /// Axis i of what is stored is axis order[i] of the chunk; empty where they are the same.
    std::vector<std::size_t> order;
    bool swapped = false;  ///< in the other byte order than the machine's
    /// What unpack_chunk knows, the first applied first; at most one that is no checksum.
    std::vector<std::string> packing;

    bool operator==(const ZarrCodecs&) const = default;
};

/// What the metadata of an array say, of Zarr version 2 (.zarray) or 3 (zarr.json).
struct ZarrMetadata {
    std::vector<std::int64_t> shape, chunk_shape;
    /// A file holds a shard of so many values an axis, multiples of the chunk's; empty where each
    /// chunk is a file of its own.
    std::vector<std::int64_t> shard_shape;
    NumberKind kind = NumberKind::unsigned_integer;
    int bits = 8;
    ZarrCodecs codecs;                  ///< of a chunk
    ZarrCodecs index_codecs;            ///< of the list of chunks that a shard has
    bool index_first = false;           ///< it stands before the chunks
    std::vector<std::byte> fill_value;  ///< one value, in the byte order of the machine
    std::string first_name;             ///< a file's name begins so: "c" in version 3
    char separator = '.';               ///< between the parts of a file's name

    /// Bytes of a chunk once unpacked.
    std::int64_t chunk_bytes() const noexcept;
    /// Chunks in a shard along `axis`; 1 without shards.
    std::int64_t chunks_per_shard(std::size_t axis) const noexcept;
    std::int64_t chunks_per_shard() const noexcept;
};

/// Throws Error(corrupt_file) for metadata that are damaged or absurd, Error(unsupported) for sorts
/// of them that are not read, saying which.
ZarrMetadata read_zarr_metadata(const std::filesystem::path& folder);

/// The metadata of one version; read_zarr_metadata() then checks the sizes.
ZarrMetadata zarr_metadata_of_v2(const std::filesystem::path& folder);
ZarrMetadata zarr_metadata_of_v3(const std::filesystem::path& folder);

/// A list of 1 to 8 lengths, each 1 to 2^31; `key` is for the message. Throws Error(corrupt_file).
std::vector<std::int64_t> zarr_lengths(const nlohmann::json& object, const char* key,
                                       const std::filesystem::path& folder);
/// The bytes of a fill value: a number, truth, or for floats "NaN", "Infinity", "-Infinity" or
/// their bits as "0x7fc00000"; numbers beyond the type become its ends. Throws Error(corrupt_file).
std::vector<std::byte> zarr_fill_value(const nlohmann::json& fill, NumberKind kind, int bits,
                                       const std::filesystem::path& folder);

}  // namespace unet
