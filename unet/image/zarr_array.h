#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "unet/image/stored.h"

namespace unet {

/// An array of Zarr version 2 in a folder: what its .zarray says, and its chunks.
class ZarrArray {
public:
    /// Throws Error(corrupt_file) for metadata that are damaged or absurd, Error(unsupported) for
    /// sorts of them that are not read, saying which.
    explicit ZarrArray(const std::filesystem::path& folder);

    const std::vector<std::int64_t>& shape() const noexcept { return shape_; }
    const std::vector<std::int64_t>& chunk_shape() const noexcept { return chunk_shape_; }
    NumberKind kind() const noexcept { return kind_; }
    int bits() const noexcept { return bits_; }
    const std::string& compression() const noexcept { return compression_; }
    std::int64_t chunk_bytes() const noexcept;

    /// The chunk at `index` (one number an axis), in the byte order of the machine; one that is not
    /// stored is full of the fill value. `values` has chunk_bytes(). Throws Error(corrupt_file).
    void read_chunk(const std::vector<std::int64_t>& index, std::span<std::byte> values) const;

private:
    void read_type(const std::string& type);
    void read_fill_value(double value);

    std::filesystem::path folder_;
    std::vector<std::int64_t> shape_, chunk_shape_;
    NumberKind kind_ = NumberKind::unsigned_integer;
    int bits_ = 8;
    bool swapped_ = false;
    std::string compression_;
    char separator_ = '.';               ///< between the numbers in a chunk's name
    std::vector<std::byte> fill_value_;  ///< one value
};

}  // namespace unet
