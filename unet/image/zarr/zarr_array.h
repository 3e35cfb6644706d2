#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "unet/image/zarr/zarr_metadata.h"

namespace unet {

class ZarrShard;

/// An array of Zarr version 2 or 3 in a folder: what its metadata say, and its chunks. Of a file
/// that holds many chunks only those that are asked for are read.
class ZarrArray {
public:
    /// Throws as read_zarr_metadata.
    explicit ZarrArray(const std::filesystem::path& folder);
    ~ZarrArray();

    const std::vector<std::int64_t>& shape() const noexcept { return metadata_.shape; }
    const std::vector<std::int64_t>& chunk_shape() const noexcept { return metadata_.chunk_shape; }
    NumberKind kind() const noexcept { return metadata_.kind; }
    int bits() const noexcept { return metadata_.bits; }
    /// "none" or the name of the compressor.
    std::string compression() const;
    std::int64_t chunk_bytes() const noexcept { return metadata_.chunk_bytes(); }
    /// Bytes that read_chunk() holds beside the values.
    std::int64_t decoder_bytes() const noexcept;

    /// The chunk at `index` (one number an axis), in the byte order of the machine; one that is not
    /// stored is full of the fill value. `values` has chunk_bytes(). Throws Error(corrupt_file),
    /// Error(io).
    void read_chunk(const std::vector<std::int64_t>& index, std::span<std::byte> values);

private:
    std::optional<std::vector<std::byte>> stored_chunk(const std::string& file, std::int64_t number,
                                                       std::size_t most_bytes);
    void unpack(std::span<const std::byte> packed, std::span<std::byte> values,
                const std::string& file, std::int64_t number) const;

    std::filesystem::path folder_;
    ZarrMetadata metadata_;
    std::unique_ptr<ZarrShard> shard_;  ///< the last one that was read
    std::string shard_file_;
};

}  // namespace unet
