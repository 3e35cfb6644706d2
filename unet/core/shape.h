#pragma once

#include <cstdint>
#include <string>

namespace unet {

/// A triple {depth, height, width}: an extent in pixels, a kernel, a stride, a padding, a halo.
/// An image is a volume of depth 1.
struct Size3 {
    std::int64_t depth = 1;
    std::int64_t height = 1;
    std::int64_t width = 1;

    std::int64_t elements() const noexcept { return depth * height * width; }
    bool operator==(const Size3&) const = default;
};

/// Extents of a batch of volumes. Host arrays are always planar N, C, D, H, W with W innermost.
struct Shape {
    std::int64_t batch = 1;
    std::int64_t channels = 1;
    std::int64_t depth = 1;
    std::int64_t height = 1;
    std::int64_t width = 1;

    Size3 size() const noexcept { return {depth, height, width}; }
    std::int64_t elements() const noexcept { return batch * channels * depth * height * width; }
    bool operator==(const Shape&) const = default;
};

/// "1x64x570x570": depth is left out where it is 1.
std::string to_string(const Shape& shape);
/// "570x570" or "20x64x64" (height x width, depth first where it is not 1).
std::string to_string(const Size3& size);

/// Smallest multiple of `step` that is at least `value`; `step` > 0.
constexpr std::int64_t round_up(std::int64_t value, std::int64_t step) noexcept {
    return (value + step - 1) / step * step;
}

}  // namespace unet
