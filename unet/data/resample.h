#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace unet {

/// Index inside 0 .. size-1 of a pixel beyond the border, mirrored with the edge pixel not
/// repeated; an axis shorter than the overhang reflects again and again, one of length 1 repeats.
std::int64_t mirrored(std::int64_t index, std::int64_t size);

/// Where the pixels of one row are read, as whole pixel + fraction: set once per row, used for
/// every plane. All planes have the height x width given there.
class RowSource {
public:
    explicit RowSource(std::int64_t width);

    /// `y`, `x`: position of every pixel relative to (top, left) of planes of height x width.
    void set(std::span<const float> y, std::span<const float> x, std::int64_t top,
             std::int64_t left, std::int64_t height, std::int64_t width);

    /// Catmull-Rom (Catmull, Rom 1974; the cubic kernel with a = -1/2) of one plane for every pixel
    /// of the row; exact copies at whole positions.
    void cubic(const float* plane, float* out) const;
    /// Bilinear, for pixels `first` .. `first + count - 1` of the row.
    void linear(const float* plane, std::int64_t first, std::int64_t count, float* out) const;
    /// The nearest pixel's value (halves upwards), for the same range.
    void nearest(const std::uint8_t* plane, std::int64_t first, std::int64_t count,
                 std::uint8_t* out) const;

private:
    bool row_inside(std::int64_t before, std::int64_t after) const;
    template <int taps>
    bool inside(std::int64_t y, std::int64_t x) const;
    template <int taps>
    void gather(const float* plane, std::int64_t y, std::int64_t x, float* values) const;
    template <bool all_inside>
    void cubic_row(const float* plane, float* out) const;
    template <bool all_inside>
    void linear_row(const float* plane, std::int64_t first, std::int64_t count, float* out) const;

    std::int64_t top_ = 0, left_ = 0, height_ = 0, width_ = 0;
    std::vector<std::int32_t> y_, x_;   // whole pixel, relative to (top, left)
    std::vector<std::int64_t> offset_;  // of that pixel in a plane; may lie outside
    std::vector<float> fraction_y_, fraction_x_;
    std::int32_t least_y_ = 0, most_y_ = 0, least_x_ = 0, most_x_ = 0;
};

}  // namespace unet
