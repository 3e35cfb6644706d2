#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/shape.h"

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

/// An image or a stack in memory: values as stored in the file, planar C, D, H, W.
/// Slices of a multi-page stack are depth.
struct Image {
    Size3 size{};
    std::int64_t channels = 1;
    std::vector<float> values;
    SampleType type = SampleType::f32;  ///< what the file held
    Spacing spacing;
    bool rgb = false;  ///< the three channels are red, green, blue

    const float* plane(std::int64_t channel, std::int64_t z = 0) const {
        return values.data() + (channel * size.depth + z) * size.height * size.width;
    }
    float* plane(std::int64_t channel, std::int64_t z = 0) {
        return values.data() + (channel * size.depth + z) * size.height * size.width;
    }
};

/// One stored value per pixel, D, H, W: object ids, class indices, or a mask. Never a colour.
struct LabelMap {
    Size3 size{};
    std::vector<std::uint32_t> values;
    Spacing spacing;

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
