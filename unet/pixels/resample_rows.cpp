#include "unet/pixels/resample_rows.h"

#include <cstddef>
#include <limits>

// This file is compiled once per instruction set; HWY_DYNAMIC_DISPATCH picks one at run time. All
// do the same additions and multiplications in the same order, and none is fused
// (-ffp-contract=off), so all give the same bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/pixels/resample_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef UNET_IMAGE_RESAMPLE_ROWS_SHARED
#define UNET_IMAGE_RESAMPLE_ROWS_SHARED
namespace unet::resample {
namespace {

/// True if the 4 x 4 values around pixel `i` stand in the plane as they are.
inline bool inside(const Row& row, std::int64_t i) {
    return row.y[i] > row.first_y && row.y[i] + 2 <= row.last_y && row.x[i] > row.first_x &&
           row.x[i] + 2 <= row.last_x;
}

/// Where the 4 x 4 values of such a pixel begin.
inline const float* corner(const Row& row, std::int64_t i, const float* plane) {
    return plane + (row.row_start[row.y[i] - 1] + row.column[row.x[i] - 1]);
}

/// The Catmull-Rom weights of the pixels at -1, 0, 1, 2 are cubics of the fraction: the factors of
/// its powers. Exactly 0, 1, 0, 0 for fraction 0.
constexpr float power3[4] = {-0.5f, 1.5f, -1.5f, 0.5f}, power2[4] = {1.0f, -2.5f, 2.0f, -0.5f},
                power1[4] = {-0.5f, 0.0f, 0.5f, 0.0f}, power0[4] = {0.0f, 1.0f, 0.0f, 0.0f};

/// One pixel: four rows of four values, `stride` apart, weighted along y, then along x.
inline float cubic_at(const float* p, std::ptrdiff_t stride, float fy, float fx) {
    float wy[4], product[4];
    for (int k = 0; k < 4; ++k)
        wy[k] = ((power3[k] * fy + power2[k]) * fy + power1[k]) * fy + power0[k];
    for (int k = 0; k < 4; ++k) {
        const float wx = ((power3[k] * fx + power2[k]) * fx + power1[k]) * fx + power0[k];
        const float column = (wy[0] * p[k] + wy[1] * p[stride + k]) +
                             (wy[2] * p[2 * stride + k] + wy[3] * p[3 * stride + k]);
        product[k] = column * wx;
    }
    return (product[0] + product[2]) + (product[1] + product[3]);
}

inline float cubic_pixel(const Row& row, std::int64_t i, const float* plane) {
    if (inside(row, i))
        return cubic_at(corner(row, i, plane), row.stride, row.fraction_y[i], row.fraction_x[i]);
    float mirrored[16];
    const std::int64_t *rows = row.row_start + row.y[i] - 1, *columns = row.column + row.x[i] - 1;
    for (int j = 0; j < 4; ++j)
        for (int k = 0; k < 4; ++k) mirrored[4 * j + k] = plane[rows[j] + columns[k]];
    return cubic_at(mirrored, 4, row.fraction_y[i], row.fraction_x[i]);
}

}  // namespace
}  // namespace unet::resample
#endif

HWY_BEFORE_NAMESPACE();
namespace unet::resample::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void split_row(const float* position, std::int64_t count, std::int32_t* whole, float* fraction,
               std::int32_t* bounds) {
    std::int32_t low = std::numeric_limits<std::int32_t>::max();
    std::int32_t high = std::numeric_limits<std::int32_t>::min();
    for (std::int64_t i = 0; i < count; ++i) {
        const auto truncated = static_cast<std::int32_t>(position[i]);
        const std::int32_t part = truncated - (position[i] < static_cast<float>(truncated) ? 1 : 0);
        whole[i] = part;
        fraction[i] = position[i] - static_cast<float>(part);
        low = part < low ? part : low;
        high = part > high ? part : high;
    }
    bounds[0] = low;
    bounds[1] = high;
}

#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE

void cubic_row(const Row& row, const float* plane, float* out) {
    for (std::int64_t i = 0; i < row.count; ++i) out[i] = cubic_pixel(row, i, plane);
}

#else

/// A vector holds one, two or four pixels, four values each.
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
constexpr int pixels = static_cast<int>(hn::MaxLanes(Tag()) / 4);

/// Four values from the pointer of each of `n` pixels.
template <int n>
HWY_INLINE auto load(const float* const* p, std::ptrdiff_t offset) {
    const hn::CappedTag<float, 4 * n> d;
    if constexpr (n == 1)
        return hn::LoadU(d, p[0] + offset);
    else
        return hn::Combine(d, load<n / 2>(p + n / 2, offset), load<n / 2>(p, offset));
}

/// The weights for the fractions of consecutive pixels, four for each.
class Weights {
public:
    Weights() {
        HWY_ALIGN std::int32_t pixel[4 * pixels];
        for (int i = 0; i < 4 * pixels; ++i) pixel[i] = i / 4;
        spread_ = hn::SetTableIndices(Tag(), pixel);
    }
    HWY_INLINE Vector operator()(const float* fractions) const {
        const Vector f = hn::TableLookupLanes(hn::LoadU(Tag(), fractions), spread_);
        const auto step = [&](Vector sum, Vector next) { return hn::Add(hn::Mul(sum, f), next); };
        return step(step(step(a3_, a2_), a1_), a0_);
    }

private:
    decltype(hn::SetTableIndices(Tag(), static_cast<const std::int32_t*>(nullptr))) spread_;
    const Vector a3_ = hn::LoadDup128(Tag(), power3), a2_ = hn::LoadDup128(Tag(), power2),
                 a1_ = hn::LoadDup128(Tag(), power1), a0_ = hn::LoadDup128(Tag(), power0);
};

void cubic_row(const Row& row, const float* plane, float* out) {
    const Weights weights;
    const std::ptrdiff_t stride = row.stride;
    std::int64_t i = 0;
    for (; i + pixels <= row.count; i += pixels) {
        bool all_inside = true;
        for (int k = 0; k < pixels; ++k) all_inside = all_inside && inside(row, i + k);
        if (!all_inside) {
            for (int k = 0; k < pixels; ++k) out[i + k] = cubic_pixel(row, i + k, plane);
            continue;
        }
        const float* p[pixels];
        for (int k = 0; k < pixels; ++k) p[k] = corner(row, i + k, plane);
        const Vector wy = weights(row.fraction_y + i);
        const Vector upper = hn::Add(hn::Mul(hn::Broadcast<0>(wy), load<pixels>(p, 0)),
                                     hn::Mul(hn::Broadcast<1>(wy), load<pixels>(p, stride)));
        const Vector lower = hn::Add(hn::Mul(hn::Broadcast<2>(wy), load<pixels>(p, 2 * stride)),
                                     hn::Mul(hn::Broadcast<3>(wy), load<pixels>(p, 3 * stride)));
        const Vector product = hn::Mul(hn::Add(upper, lower), weights(row.fraction_x + i));
        const Vector pairs = hn::Add(product, hn::Shuffle1032(product));  // 0 + 2, 1 + 3
        HWY_ALIGN float sums[4 * pixels];
        hn::Store(hn::Add(pairs, hn::Shuffle2301(pairs)), Tag(), sums);
        for (int k = 0; k < pixels; ++k) out[i + k] = sums[4 * k];
    }
    for (; i < row.count; ++i) out[i] = cubic_pixel(row, i, plane);
}

#endif

void linear_row(const Row& row, const float* plane, float* out) {
    for (std::int64_t i = 0; i < row.count; ++i) {
        const float* above = plane + row.row_start[row.y[i]];
        const float* below = plane + row.row_start[row.y[i] + 1];
        const std::int64_t left = row.column[row.x[i]], right = row.column[row.x[i] + 1];
        const float fx = row.fraction_x[i];
        const float upper = above[left] + fx * (above[right] - above[left]);
        const float lower = below[left] + fx * (below[right] - below[left]);
        out[i] = upper + row.fraction_y[i] * (lower - upper);
    }
}

void nearest_row(const Row& row, const std::uint8_t* plane, std::uint8_t* out) {
    for (std::int64_t i = 0; i < row.count; ++i) {
        const std::int32_t y = row.y[i] + (row.fraction_y[i] >= 0.5f);
        const std::int32_t x = row.x[i] + (row.fraction_x[i] >= 0.5f);
        out[i] = plane[row.row_start[y] + row.column[x]];
    }
}

}  // namespace
}  // namespace unet::resample::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet::resample {
namespace {

HWY_EXPORT(split_row);
HWY_EXPORT(cubic_row);
HWY_EXPORT(linear_row);
HWY_EXPORT(nearest_row);

}  // namespace

void split(const float* position, std::int64_t count, std::int32_t* whole, float* fraction,
           std::int32_t& least, std::int32_t& most) {
    std::int32_t bounds[2];
    HWY_DYNAMIC_DISPATCH(split_row)(position, count, whole, fraction, bounds);
    least = bounds[0];
    most = bounds[1];
}

void cubic(const Row& row, const float* plane, float* out) {
    HWY_DYNAMIC_DISPATCH(cubic_row)(row, plane, out);
}

void linear(const Row& row, const float* plane, float* out) {
    HWY_DYNAMIC_DISPATCH(linear_row)(row, plane, out);
}

void nearest(const Row& row, const std::uint8_t* plane, std::uint8_t* out) {
    HWY_DYNAMIC_DISPATCH(nearest_row)(row, plane, out);
}

}  // namespace unet::resample
#endif
