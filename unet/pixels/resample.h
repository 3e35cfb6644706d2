#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "unet/pixels/resample_rows.h"

namespace unet {

/// Index inside 0 .. size-1 of a pixel beyond the border, mirrored with the edge pixel not
/// repeated; an axis shorter than the overhang reflects again and again, one of length 1 repeats.
std::int64_t mirrored(std::int64_t index, std::int64_t size);

/// A plane of height x width pixels, of which all or some are in memory: what is handed over as the
/// plane begins with the pixel (top, left), and its rows are `stride` values apart.
struct PlanePart {
    std::int64_t height = 0, width = 0;
    std::int64_t top = 0, left = 0;
    std::int64_t stride = 0;
};

/// The indices inside 0 .. size-1 that mirrored() makes of first .. last, which are in order, as
/// the first and the last of them.
std::pair<std::int64_t, std::int64_t> mirrored_range(std::int64_t first, std::int64_t last,
                                                     std::int64_t size);

/// Where the pixels of one row are read, as whole pixel + fraction: set once per row, used for
/// every plane. All planes are as the one given there.
class RowSource {
public:
    explicit RowSource(std::int64_t width);

    /// `y`, `x`: position of every pixel relative to (top, left) of planes of height x width.
    void set(std::span<const float> y, std::span<const float> x, std::int64_t top,
             std::int64_t left, std::int64_t height, std::int64_t width) {
        set(y, x, top, left, PlanePart{height, width, 0, 0, width});
    }
    /// The same where not all of the planes is there: all that is read must be.
    void set(std::span<const float> y, std::span<const float> x, std::int64_t top,
             std::int64_t left, const PlanePart& planes);

    /// Catmull-Rom (Catmull, Rom 1974; the cubic kernel with a = -1/2) of one plane for every pixel
    /// of the row; exact copies at whole positions.
    void cubic(const float* plane, float* out) const;
    /// Bilinear, for pixels `first` .. `first + count - 1` of the row.
    void linear(const float* plane, std::int64_t first, std::int64_t count, float* out) const;
    /// The nearest pixel's value (halves upwards), for the same range.
    void nearest(const std::uint8_t* plane, std::int64_t first, std::int64_t count,
                 std::uint8_t* out) const;

private:
    /// For the pixels low .. high of an axis, counted from where a patch begins: where they are
    /// read. Grows as rows reach further.
    struct Axis {
        std::int64_t start = 0, size = 0, origin = 0, step = 0;
        std::int64_t low = 0, high = -1;
        std::vector<std::int64_t> place;

        /// `axis_origin`: the pixel at place 0.
        void cover(std::int64_t from, std::int64_t to, std::int64_t axis_start,
                   std::int64_t axis_size, std::int64_t axis_origin, std::int64_t axis_step);
    };
    resample::Row pixels(std::int64_t first, std::int64_t count) const;

    Axis rows_, columns_;
    std::vector<std::int32_t> y_, x_;  // whole pixel, as indices of the axes' places
    std::vector<float> fraction_y_, fraction_x_;
};

}  // namespace unet
