#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/shape.h"
#include "unet/core/text/units.h"

namespace unet {

/// Physical size of a pixel along depth, height, width in `unit`; 0 where the file does not say.
struct Spacing {
    std::array<double, 3> size{0.0, 0.0, 0.0};
    std::string unit;  ///< "um", "nm", "mm", ...; empty where unknown

    bool known() const noexcept { return size[1] > 0.0 && size[2] > 0.0; }
    bool operator==(const Spacing&) const = default;
};

/// How a file stores a sample.
enum class SampleType { u8, u16, u32, i8, i16, i32, f32 };

inline constexpr std::array sample_types{SampleType::u8, SampleType::u16, SampleType::u32,
                                         SampleType::i8, SampleType::i16, SampleType::i32,
                                         SampleType::f32};

/// "u8" and so on.
constexpr const char* to_string(SampleType type) noexcept {
    constexpr const char* names[] = {"u8", "u16", "u32", "i8", "i16", "i32", "f32"};
    return names[static_cast<std::size_t>(type)];
}

/// An image or a stack in memory: values as stored in the file, planar C, D, H, W.
/// Slices of a multi-page stack are depth.
struct Image {
    Size3 size{};
    std::int64_t channels = 1;
    std::vector<float> values;
    SampleType type = SampleType::f32;  ///< what the file held
    Spacing spacing;
    bool rgb = false;  ///< the three channels are red, green, blue
    /// What a user should know of how the file was read: what it holds beside this. A sentence
    /// each.
    std::vector<std::string> notes{};

    const float* plane(std::int64_t channel, std::int64_t z = 0) const {
        return values.data() + (channel * size.depth + z) * size.height * size.width;
    }
    float* plane(std::int64_t channel, std::int64_t z = 0) {
        return values.data() + (channel * size.depth + z) * size.height * size.width;
    }
};

/// How a file holds label values, where that is not plain whole numbers. The values are the stored
/// ones all the same.
enum class LabelStorage {
    integers,
    floats,         ///< all of them whole
    colour_table,   ///< indices of a table, which only says how they look
    white_is_zero,  ///< shown turned over, as with Fiji's inverting table
    equal_colours,  ///< red = green = blue
};

/// One stored value per pixel, D, H, W: object ids, class indices, or a mask. Never a colour.
struct LabelMap {
    Size3 size{};
    std::vector<std::uint32_t> values;
    Spacing spacing;
    LabelStorage storage = LabelStorage::integers;  ///< what the file held
    std::vector<std::string> notes{};               ///< as Image::notes

    const std::uint32_t* plane(std::int64_t z = 0) const {
        return values.data() + z * size.height * size.width;
    }
    std::uint32_t* plane(std::int64_t z = 0) {
        return values.data() + z * size.height * size.width;
    }
};

/// A box inside an image, in pixels.
struct Region {
    std::int64_t z = 0, y = 0, x = 0;
    Size3 size{};
    bool operator==(const Region&) const = default;
};

}  // namespace unet
