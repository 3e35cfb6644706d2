#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "unet/core/image.h"
#include "unet/image/stored.h"

namespace unet {

/// How samples of a type are stored.
struct TypeLayout {
    int bits;
    NumberKind kind;
    /// Bytes of `pixels` interleaved pixels from `samples` planes that stand `stride` values apart.
    /// Throws Error(invalid_argument) naming `path` for a value that the type cannot hold or that
    /// is not whole in an integer type.
    void (*interleave)(const float* plane, std::int64_t pixels, int samples, std::int64_t stride,
                       bool big_endian, const std::filesystem::path& path,
                       std::span<std::byte> bytes);
};

TypeLayout layout_of(SampleType type);

}  // namespace unet
