#pragma once

// Label maps that tests draw, by an integer hash that reference_values.py has too.

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "unet/core/image.h"

namespace unet {

inline std::uint32_t hashed(std::uint32_t x) {
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}

/// Square blocks of `block` pixels with a random value from 1 .. values, or background (in
/// percent).
inline LabelMap drawn_map(std::uint32_t number, Size3 size, std::int64_t block,
                          std::uint32_t values, std::uint32_t background) {
    LabelMap map{size, {}, {}};
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; ++y)
            for (std::int64_t x = 0; x < size.width; ++x) {
                const std::int64_t place =
                    ((number * 31 + z) * 4096 + y / block) * 4096 + x / block;
                const std::uint32_t key = hashed(static_cast<std::uint32_t>(place));
                map.values.push_back(key % 100 < background ? 0 : 1 + (key / 128) % values);
            }
    return map;
}

/// One slice from rows of characters: '.' is 0, letters are 1, 2, ...
inline LabelMap map_of(std::initializer_list<std::string_view> rows) {
    LabelMap map{{1, static_cast<std::int64_t>(rows.size()),
                  static_cast<std::int64_t>(rows.begin()->size())},
                 {},
                 {}};
    for (std::string_view row : rows)
        for (char c : row)
            map.values.push_back(c == '.' ? 0 : static_cast<std::uint32_t>(c - 'a' + 1));
    return map;
}

/// FNV-1a over 32-bit words.
template <class Values>
std::uint64_t checksum(const Values& values) {
    std::uint64_t hash = 0xCBF29CE484222325u;
    for (auto value : values) hash = (hash ^ static_cast<std::uint32_t>(value)) * 0x100000001B3u;
    return hash;
}

}  // namespace unet
