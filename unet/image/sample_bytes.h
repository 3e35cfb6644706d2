#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <type_traits>

#include "unet/core/image.h"
#include "unet/image/stored.h"

namespace unet {

/// The bytes of a number, least significant first or (`big_endian`) last.
template <class T>
void put(T value, bool big_endian, std::byte* target) {
    using Bits =
        std::conditional_t<sizeof(T) == 1, std::uint8_t,
                           std::conditional_t<sizeof(T) == 2, std::uint16_t, std::uint32_t>>;
    const auto bits = std::bit_cast<Bits>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i)
        target[big_endian ? sizeof(T) - 1 - i : i] = static_cast<std::byte>(bits >> (8 * i));
}

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
