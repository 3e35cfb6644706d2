#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace unet::kernels {

/// How a backend stores the values of tensors and weights. Whatever it is: images and logits of the
/// host, biases and other values of a channel are float32, and sums are made in float32 or better.
enum class Element { float32, bfloat16 };

/// As users know it: "fp32" or "bf16".
constexpr const char* name_of(Element element) {
    return element == Element::float32 ? "fp32" : "bf16";
}

/// The upper half of a float32: its range, and 8 bits of precision instead of 24.
struct BFloat16 {
    BFloat16() = default;
    /// The nearest; of two as near the even one. What is not a number stays so.
    explicit BFloat16(float value) {
        const auto whole = std::bit_cast<std::uint32_t>(value);
        const bool number = (whole & 0x7fffffffu) <= 0x7f800000u;
        bits = static_cast<std::uint16_t>(number ? (whole + 0x7fffu + (whole >> 16 & 1u)) >> 16
                                                 : whole >> 16 | 0x40u);
    }
    operator float() const { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

    std::uint16_t bits = 0;
};

/// Channels that lie next to each other in memory on the CPU: 64 bytes of them, a line of its
/// caches, a register of AVX-512, a row of an AMX tile.
template <class T>
inline constexpr std::int64_t channel_block_of = 16;
template <>
inline constexpr std::int64_t channel_block_of<BFloat16> = 32;
inline constexpr std::int64_t channel_block = channel_block_of<float>;

/// Blocks that so many channels fill, the last one perhaps in part.
constexpr std::int64_t blocks_of(std::int64_t channels, std::int64_t block = channel_block) {
    return (channels + block - 1) / block;
}

/// Where no element type is known, as in the table of kernels: tensors are bytes, and their strides
/// count those.
template <class T>
inline constexpr bool is_opaque = std::is_same_v<std::remove_const_t<T>, std::byte>;

/// What biases, values of a channel, and the host's arrays are made of beside tensors of T.
template <class T>
using Plain = std::conditional_t<is_opaque<T> || std::is_same_v<T, BFloat16>, float, T>;

/// An array of weights beside tensors of T.
template <class T>
using Weights = std::conditional_t<is_opaque<T>, const void, const T>*;

}  // namespace unet::kernels
