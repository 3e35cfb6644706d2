#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "unet/core/image.h"
#include "unet/image/write.h"

// Inputs of the tests, made by the same formulas as in make_expected.py.

namespace unet::made {

/// 0 .. 999 from an integer.
inline std::int64_t hashed(std::int64_t index) {
    return ((static_cast<std::uint64_t>(index) * 2654435761u % (std::uint64_t{1} << 32)) >> 16) %
           1000;
}

/// Discs of ids 1 .. count at hashed places; a later one covers an earlier one.
inline LabelMap cells(std::int64_t height, std::int64_t width, std::int64_t count,
                      std::int64_t radius) {
    LabelMap map{{1, height, width}, {}, {}};
    map.values.resize(height * width);
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t cy = hashed(3 * i) % height, cx = hashed(3 * i + 1) % width;
        const std::int64_t r = radius + hashed(3 * i + 2) % 4;
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x)
                if ((y - cy) * (y - cy) + (x - cx) * (x - cx) <= r * r)
                    map.plane()[y * width + x] = static_cast<std::uint32_t>(i + 1);
    }
    return map;
}

/// A map of the values in `rows`, one string per row, one digit per pixel.
inline LabelMap map_of(std::initializer_list<std::string> rows) {
    LabelMap map{{1, static_cast<std::int64_t>(rows.size()),
                  static_cast<std::int64_t>(rows.begin()->size())},
                 {},
                 {}};
    for (const std::string& row : rows)
        for (const char digit : row) map.values.push_back(static_cast<std::uint32_t>(digit - '0'));
    return map;
}

/// An image of hashed values 0 .. 199 of 8 bits.
inline Image image_of(const Size3& size, std::int64_t channels = 1, std::int64_t start = 0) {
    Image image{size, channels, {}, SampleType::u8, {}, channels == 3};
    for (std::int64_t i = 0; i < channels * size.elements(); ++i)
        image.values.push_back(static_cast<float>(hashed(start + i) % 200));
    return image;
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

}  // namespace unet::made
