#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace unet {

/// A number as it lies in a file at `from`, at any address, in the order of its bytes.
template <class T>
T load(const std::byte* from, std::endian order = std::endian::little) {
    static_assert(std::is_arithmetic_v<T>);
    std::byte raw[sizeof(T)];
    std::memcpy(raw, from, sizeof raw);
    if (order != std::endian::native) std::reverse(raw, raw + sizeof raw);
    T value;
    std::memcpy(&value, raw, sizeof value);
    return value;
}

/// Writes the sizeof(T) bytes of `value` to `to`, at any address.
template <class T>
void store(T value, std::byte* to, std::endian order = std::endian::little) {
    static_assert(std::is_arithmetic_v<T>);
    std::memcpy(to, &value, sizeof value);
    if (order != std::endian::native) std::reverse(to, to + sizeof value);
}

/// The whole number that up to eight bytes are, without a sign.
constexpr std::uint64_t whole_number(std::span<const std::byte> bytes,
                                     std::endian order = std::endian::little) {
    assert(bytes.size() <= 8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t place = order == std::endian::big ? i : bytes.size() - 1 - i;
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[place]);
    }
    return value;
}

/// Writes the low bytes of `value`, as many as there is room for.
constexpr void put_whole_number(std::uint64_t value, std::span<std::byte> bytes,
                                std::endian order = std::endian::little) {
    assert(bytes.size() <= 8);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t place = order == std::endian::big ? bytes.size() - 1 - i : i;
        bytes[place] = static_cast<std::byte>(value >> (8 * i) & 0xff);
    }
}

}  // namespace unet
