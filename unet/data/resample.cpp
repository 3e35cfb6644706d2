#include "unet/data/resample.h"

#include <cstddef>
#include <cstring>
#include <limits>

namespace unet {
namespace {

// What one pixel needs along x, as one vector of the compiler (GCC, Clang): every machine has four
// floats, and it is the same arithmetic on all. Nothing is fused (-ffp-contract=off).
using Four = float __attribute__((vector_size(16)));

/// Whole part (towards minus infinity) and fraction of every position; the least and the largest
/// whole part.
void split(const float* position, int count, std::int32_t* whole, float* fraction,
           std::int32_t& least, std::int32_t& most) {
    std::int32_t low = std::numeric_limits<std::int32_t>::max();
    std::int32_t high = std::numeric_limits<std::int32_t>::min();
    for (int i = 0; i < count; ++i) {
        const auto truncated = static_cast<std::int32_t>(position[i]);
        const std::int32_t part = truncated - (position[i] < static_cast<float>(truncated) ? 1 : 0);
        whole[i] = part;
        fraction[i] = position[i] - static_cast<float>(part);
        low = part < low ? part : low;
        high = part > high ? part : high;
    }
    least = low;
    most = high;
}

/// The Catmull-Rom weights of the pixels at -1, 0, 1, 2 for a position f in [0, 1): a cubic in f
/// each. Exactly 0, 1, 0, 0 at f = 0.
inline Four catmull_rom(float fraction) {
    constexpr Four a3 = {-0.5f, 1.5f, -1.5f, 0.5f}, a2 = {1.0f, -2.5f, 2.0f, -0.5f},
                   a1 = {-0.5f, 0.0f, 0.5f, 0.0f}, a0 = {0.0f, 1.0f, 0.0f, 0.0f};
    return ((a3 * fraction + a2) * fraction + a1) * fraction + a0;
}

/// Four rows of four values, `stride` apart, weighted along y, then along x.
inline float weigh(const float* p, std::ptrdiff_t stride, Four along_y, Four along_x) {
    Four row[4];
    for (int k = 0; k < 4; ++k) std::memcpy(&row[k], p + k * stride, sizeof(Four));
    const Four column =
        (along_y[0] * row[0] + along_y[1] * row[1]) + (along_y[2] * row[2] + along_y[3] * row[3]);
    const Four product = column * along_x;
    return (product[0] + product[2]) + (product[1] + product[3]);
}

inline float between(const float* p, std::ptrdiff_t stride, float fy, float fx) {
    const float above = p[0] + fx * (p[1] - p[0]);
    const float below = p[stride] + fx * (p[stride + 1] - p[stride]);
    return above + fy * (below - above);
}

}  // namespace

std::int64_t mirrored(std::int64_t index, std::int64_t size) {
    if (index >= 0 && index < size) return index;
    if (size == 1) return 0;
    const std::int64_t period = 2 * (size - 1);
    index %= period;
    if (index < 0) index += period;
    return index < size ? index : period - index;
}

RowSource::RowSource(std::int64_t width) {
    const auto n = static_cast<std::size_t>(width);
    y_.resize(n);
    x_.resize(n);
    offset_.resize(n);
    fraction_y_.resize(n);
    fraction_x_.resize(n);
}

void RowSource::set(std::span<const float> y, std::span<const float> x, std::int64_t top,
                    std::int64_t left, std::int64_t height, std::int64_t width) {
    const int count = static_cast<int>(y_.size());
    top_ = top;
    left_ = left;
    height_ = height;
    width_ = width;
    split(y.data(), count, y_.data(), fraction_y_.data(), least_y_, most_y_);
    split(x.data(), count, x_.data(), fraction_x_.data(), least_x_, most_x_);
    const std::int64_t start = top * width + left;
    for (std::size_t i = 0; i < offset_.size(); ++i) offset_[i] = start + y_[i] * width + x_[i];
}

/// True if every pixel of the row reads only inside the plane, with `before` and `after` more
/// pixels on either side.
bool RowSource::row_inside(std::int64_t before, std::int64_t after) const {
    return top_ + least_y_ >= before && top_ + most_y_ + after < height_ &&
           left_ + least_x_ >= before && left_ + most_x_ + after < width_;
}

template <int taps>
bool RowSource::inside(std::int64_t y, std::int64_t x) const {
    return y >= 0 && y + taps <= height_ && x >= 0 && x + taps <= width_;
}

/// The taps x taps values from (y, x) on, mirrored beyond the border.
template <int taps>
void RowSource::gather(const float* plane, std::int64_t y, std::int64_t x, float* values) const {
    std::int64_t columns[taps];
    for (int k = 0; k < taps; ++k) columns[k] = mirrored(x + k, width_);
    for (int j = 0; j < taps; ++j) {
        const float* row = plane + mirrored(y + j, height_) * width_;
        for (int k = 0; k < taps; ++k) values[j * taps + k] = row[columns[k]];
    }
}

template <bool all_inside>
void RowSource::cubic_row(const float* plane, float* out) const {
    const std::size_t count = y_.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Four along_y = catmull_rom(fraction_y_[i]), along_x = catmull_rom(fraction_x_[i]);
        const std::int64_t y = top_ + y_[i] - 1, x = left_ + x_[i] - 1;
        if (all_inside || inside<4>(y, x)) {
            out[i] = weigh(plane + (offset_[i] - width_ - 1), width_, along_y, along_x);
        } else {
            float border[16];
            gather<4>(plane, y, x, border);
            out[i] = weigh(border, 4, along_y, along_x);
        }
    }
}

void RowSource::cubic(const float* plane, float* out) const {
    if (row_inside(1, 2))
        cubic_row<true>(plane, out);
    else
        cubic_row<false>(plane, out);
}

template <bool all_inside>
void RowSource::linear_row(const float* plane, std::int64_t first, std::int64_t count,
                           float* out) const {
    for (std::int64_t j = 0; j < count; ++j) {
        const auto i = static_cast<std::size_t>(first + j);
        const std::int64_t y = top_ + y_[i], x = left_ + x_[i];
        if (all_inside || inside<2>(y, x)) {
            out[j] = between(plane + offset_[i], width_, fraction_y_[i], fraction_x_[i]);
        } else {
            float border[4];
            gather<2>(plane, y, x, border);
            out[j] = between(border, 2, fraction_y_[i], fraction_x_[i]);
        }
    }
}

void RowSource::linear(const float* plane, std::int64_t first, std::int64_t count,
                       float* out) const {
    if (row_inside(0, 1))
        linear_row<true>(plane, first, count, out);
    else
        linear_row<false>(plane, first, count, out);
}

void RowSource::nearest(const std::uint8_t* plane, std::int64_t first, std::int64_t count,
                        std::uint8_t* out) const {
    const bool all_inside = row_inside(0, 1);
    for (std::int64_t j = 0; j < count; ++j) {
        const auto i = static_cast<std::size_t>(first + j);
        const std::int64_t down = fraction_y_[i] >= 0.5f, right = fraction_x_[i] >= 0.5f;
        if (all_inside) {
            out[j] = plane[offset_[i] + down * width_ + right];
        } else {
            const std::int64_t y = mirrored(top_ + y_[i] + down, height_);
            out[j] = plane[y * width_ + mirrored(left_ + x_[i] + right, width_)];
        }
    }
}

}  // namespace unet
