#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "unet/image/zarr/zarr_metadata.h"

namespace unet {

/// A file that holds many chunks of a Zarr array and a list of where each stands
/// (zarr-specs.readthedocs.io, sharding-indexed codec 1.0). Only the list is held.
class ZarrShard {
public:
    /// Reads the list. Throws Error(corrupt_file), Error(io).
    ZarrShard(const std::filesystem::path& path, const ZarrMetadata& array);

    /// The stored bytes of a chunk, counted along the axes with the last the fastest; none where it
    /// is not stored. At most `limit` bytes. Throws Error(corrupt_file), Error(io).
    std::optional<std::vector<std::byte>> chunk(std::int64_t number, std::size_t limit);

    /// Bytes of the list of a shard of `array`, as it is stored.
    static std::int64_t index_bytes(const ZarrMetadata& array) noexcept;

private:
    std::vector<std::byte> bytes_at(std::uint64_t offset, std::uint64_t count);

    std::filesystem::path path_;
    std::ifstream file_;
    std::uint64_t file_bytes_ = 0;
    std::vector<std::uint64_t> index_;  ///< offset and number of bytes of each chunk
};

}  // namespace unet
