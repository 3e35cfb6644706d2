#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/random.h"
#include "unet/core/shape.h"
#include "unet/data/augment/augment.h"

namespace unet {

/// A smooth curve surface through values on a coarse grid whose first and last points lie on the
/// first and last pixel of a patch: the cubic B-spline that interpolates them, mirrored at the
/// ends. Equals scipy.ndimage.zoom(grid, order=3) and map_coordinates(order=3, mode="mirror").
class CubicField {
public:
    static constexpr std::int64_t max_points = 16;

    /// All zero.
    CubicField() = default;
    /// `values`: points x points, rows first, 2 <= points <= max_points; the patch has height x
    /// width pixels.
    CubicField(std::span<const double> values, std::int64_t points, std::int64_t height,
               std::int64_t width);

    /// The values of row `y`, one per column.
    void row(std::int64_t y, std::span<float> values) const;

private:
    static constexpr std::int64_t stride = max_points + 2;
    std::int64_t points_ = 2, height_ = 1, width_ = 1;
    std::array<double, stride * stride> coefficients_{};  // with one mirrored point on every side
};

/// Where the pixels of one patch come from: source = centre + M (u + d(u)) for a pixel at u from
/// the patch's centre, with M = rotation x 1/magnification x flips and d the elastic displacement.
class Deformation {
public:
    /// The identity on a patch of height x width pixels.
    Deformation(std::int64_t height, std::int64_t width);
    /// Drawn from `random` by the options' shape part; always takes the same number of draws for
    /// the same options. Throws nothing: check() the options first.
    Deformation(const AugmentOptions& options, std::int64_t height, std::int64_t width,
                Random& random);

    /// Source of every pixel of row `y`, in pixels from the patch's first pixel if it were cut
    /// without deformation.
    void row(std::int64_t y, std::span<float> source_y, std::span<float> source_x) const;

private:
    std::int64_t height_, width_;
    std::array<double, 4> matrix_{1.0, 0.0, 0.0, 1.0};  // yy, yx, xy, xx
    bool elastic_ = false;
    CubicField displacement_y_, displacement_x_;
};

}  // namespace unet
