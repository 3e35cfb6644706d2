#include "unet/data/augment/deformation.h"

#include <algorithm>
#include <cassert>

#include "unet/core/math.h"

namespace unet {
namespace {

/// Coefficients c of the cubic B-spline with (c[i-1] + 4 c[i] + c[i+1]) / 6 = values[i], mirrored
/// at the ends (c[-1] = c[1], c[n] = c[n-2]); values lie `step` apart. Thomas' algorithm.
void interpolate(double* values, std::int64_t n, std::int64_t step) {
    std::array<double, CubicField::max_points> upper{};
    upper[0] = 0.5;  // 4 c0 + 2 c1 = 6 f0
    values[0] *= 6.0 / 4.0;
    for (std::int64_t i = 1; i < n; ++i) {
        const double lower = i == n - 1 ? 2.0 : 1.0;
        const double pivot = 4.0 - lower * upper[i - 1];
        upper[i] = 1.0 / pivot;
        values[i * step] = (6.0 * values[i * step] - lower * values[(i - 1) * step]) / pivot;
    }
    for (std::int64_t i = n - 2; i >= 0; --i) values[i * step] -= upper[i] * values[(i + 1) * step];
}

/// The cubic on one cell, from the four coefficients around it: p0 + p1 f + p2 f^2 + p3 f^3.
struct Cubic {
    float p0, p1, p2, p3;
    Cubic(double a, double b, double c, double d)
        : p0(static_cast<float>((a + 4.0 * b + c) / 6.0)),
          p1(static_cast<float>((c - a) / 2.0)),
          p2(static_cast<float>((a - 2.0 * b + c) / 2.0)),
          p3(static_cast<float>((d - a + 3.0 * (b - c)) / 6.0)) {}
};

}  // namespace

CubicField::CubicField(std::span<const double> values, std::int64_t points, std::int64_t height,
                       std::int64_t width)
    : points_(points), height_(height), width_(width) {
    assert(points >= 2 && points <= max_points);
    assert(static_cast<std::int64_t>(values.size()) == points * points);
    double* inner = coefficients_.data() + stride + 1;
    for (std::int64_t i = 0; i < points; ++i)
        std::copy_n(values.data() + i * points, points, inner + i * stride);
    for (std::int64_t i = 0; i < points; ++i) interpolate(inner + i * stride, points, 1);
    for (std::int64_t j = 0; j < points; ++j) interpolate(inner + j, points, stride);
    for (std::int64_t i = 0; i < points; ++i) {
        inner[i * stride - 1] = inner[i * stride + 1];
        inner[i * stride + points] = inner[i * stride + points - 2];
    }
    std::copy_n(coefficients_.data() + 2 * stride, stride, coefficients_.data());
    std::copy_n(coefficients_.data() + (points - 1) * stride, stride,
                coefficients_.data() + (points + 1) * stride);
}

void CubicField::row(std::int64_t y, std::span<float> values) const {
    const std::int64_t cells = points_ - 1;
    const double t =
        height_ > 1 ? static_cast<double>(y * cells) / static_cast<double>(height_ - 1) : 0.0;
    const std::int64_t cell = std::min(static_cast<std::int64_t>(t), cells - 1);
    const double f = t - static_cast<double>(cell), g = 1.0 - f;
    const std::array<double, 4> weight = {g * g * g / 6.0, (4.0 - 3.0 * f * f * (2.0 - f)) / 6.0,
                                          (4.0 - 3.0 * g * g * (2.0 - g)) / 6.0, f * f * f / 6.0};
    std::array<double, stride> line;  // the coefficients of this row's curve
    const double* above = coefficients_.data() + cell * stride;
    for (std::int64_t j = 0; j < points_ + 2; ++j)
        line[j] = weight[0] * above[j] + weight[1] * above[stride + j] +
                  weight[2] * above[2 * stride + j] + weight[3] * above[3 * stride + j];

    if (width_ == 1) {
        values[0] = Cubic(line[0], line[1], line[2], line[3]).p0;
        return;
    }
    const auto step =
        static_cast<float>(static_cast<double>(cells) / static_cast<double>(width_ - 1));
    for (std::int64_t j = 0; j < cells; ++j) {
        const double* c = line.data() + j;
        const Cubic cubic(c[0], c[1], c[2], c[3]);
        // First column at or right of the cell's left point; the last cell keeps its right point.
        const auto begin = static_cast<int>((j * (width_ - 1) + cells - 1) / cells);
        const auto end = j + 1 == cells
                             ? static_cast<int>(width_)
                             : static_cast<int>(((j + 1) * (width_ - 1) + cells - 1) / cells);
        const float left = static_cast<float>(j);
        float* out = values.data();
        for (int x = begin; x < end; ++x) {
            const float u = static_cast<float>(x) * step - left;
            out[x] = ((cubic.p3 * u + cubic.p2) * u + cubic.p1) * u + cubic.p0;
        }
    }
}

Deformation::Deformation(std::int64_t height, std::int64_t width)
    : height_(height), width_(width) {}

Deformation::Deformation(const AugmentOptions& options, std::int64_t height, std::int64_t width,
                         Random& random)
    : height_(height), width_(width) {
    const auto draw = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random.uniform());
    };
    const double angle = draw(-options.rotation, options.rotation) * (pi / 180.0);
    // Uniform in the logarithm: twice as large is as likely as half as large.
    const double scale = exp_of(draw(log_of(options.scale_min), log_of(options.scale_max)));
    const double flip_y = random.chance(0.5f) && options.flips ? -1.0 : 1.0;
    const double flip_x = random.chance(0.5f) && options.flips ? -1.0 : 1.0;
    const double c = cos_of(angle) / scale, s = sin_of(angle) / scale;
    matrix_ = {c * flip_y, -s * flip_x, s * flip_y, c * flip_x};

    elastic_ = options.elastic_sigma > 0.0;
    if (!elastic_) return;
    const std::int64_t points = options.elastic_grid, count = points * points;
    std::array<double, CubicField::max_points * CubicField::max_points> dy{}, dx{};
    for (std::int64_t i = 0; i < count; ++i) {
        const double v = options.elastic_sigma * static_cast<double>(random.normal());
        const double u = options.elastic_sigma * static_cast<double>(random.normal());
        // M d: the field is linear in its values, so M is applied here, not per pixel.
        dy[i] = matrix_[0] * v + matrix_[1] * u;
        dx[i] = matrix_[2] * v + matrix_[3] * u;
    }
    const auto used = static_cast<std::size_t>(count);
    displacement_y_ = CubicField({dy.data(), used}, points, height, width);
    displacement_x_ = CubicField({dx.data(), used}, points, height, width);
}

void Deformation::row(std::int64_t y, std::span<float> source_y, std::span<float> source_x) const {
    if (elastic_) {
        displacement_y_.row(y, source_y);
        displacement_x_.row(y, source_x);
    } else {
        std::fill_n(source_y.data(), width_, 0.0f);
        std::fill_n(source_x.data(), width_, 0.0f);
    }
    const double centre_y = 0.5 * static_cast<double>(height_ - 1);
    const double centre_x = 0.5 * static_cast<double>(width_ - 1);
    const double from_centre = static_cast<double>(y) - centre_y;
    // Half-integers and whole numbers are exact: without rotation and scale, so is the result.
    const auto start_y = static_cast<float>(centre_y + matrix_[0] * from_centre);
    const auto start_x = static_cast<float>(centre_x + matrix_[2] * from_centre);
    const auto step_y = static_cast<float>(matrix_[1]), step_x = static_cast<float>(matrix_[3]);
    const auto half = static_cast<float>(centre_x);
    const int width = static_cast<int>(width_);
    float *out_y = source_y.data(), *out_x = source_x.data();
    for (int x = 0; x < width; ++x) {
        const float u = static_cast<float>(x) - half;
        out_y[x] += start_y + step_y * u;
        out_x[x] += start_x + step_x * u;
    }
}

}  // namespace unet
