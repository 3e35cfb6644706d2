#include "unet/pixels/resize.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace unet {
namespace {

double reach_of(Interpolation interpolation) {
    return interpolation == Interpolation::linear ? 1.0 : 2.0;
}

double kernel(Interpolation interpolation, double x) {
    x = std::fabs(x);
    if (interpolation == Interpolation::linear) return std::max(0.0, 1.0 - x);
    if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
    return x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0 : 0.0;
}

double stretch_of(std::int64_t from, std::int64_t to) {
    return std::max(1.0, static_cast<double>(from) / static_cast<double>(to));
}

}  // namespace

std::int64_t AxisResize::most_taps(std::int64_t from, std::int64_t to,
                                   Interpolation interpolation) {
    if (from == to) return 1;
    const double reach = reach_of(interpolation) * stretch_of(from, to);
    return std::min(from, static_cast<std::int64_t>(2.0 * reach) + 2);
}

AxisResize::AxisResize(std::int64_t from, std::int64_t to, Interpolation interpolation) {
    const double ratio = static_cast<double>(from) / static_cast<double>(to);
    const double stretch = stretch_of(from, to), reach = reach_of(interpolation) * stretch;
    taps_ = most_taps(from, to, interpolation);
    weights_.resize(to * taps_);
    std::vector<double> weights;
    for (std::int64_t pixel = 0; pixel < to; ++pixel) {
        // Pixels cover [number, number + 1) of the axis.
        const double centre = (static_cast<double>(pixel) + 0.5) * ratio;
        std::int64_t begin = pixel, end = pixel + 1;
        if (from != to) {
            begin = std::clamp<std::int64_t>(
                static_cast<std::int64_t>(std::floor(centre - reach + 0.5)), 0, from - 1);
            end = std::clamp<std::int64_t>(
                static_cast<std::int64_t>(std::floor(centre + reach + 0.5)), begin + 1,
                std::min(from, begin + taps_));
        }
        double sum = 0.0;
        weights.clear();
        for (std::int64_t p = begin; p < end; ++p) {
            const double distance = (static_cast<double>(p) + 0.5 - centre) / stretch;
            weights.push_back(from == to ? 1.0 : kernel(interpolation, distance));
            sum += weights.back();
        }
        for (std::size_t k = 0; k < weights.size(); ++k)
            weights_[static_cast<std::size_t>(pixel * taps_) + k] =
                static_cast<float>(weights[k] / sum);
        first_.push_back(begin);
        count_.push_back(end - begin);
    }
}

void AxisResize::across(std::int64_t pixel, const float* rows, std::int64_t stride,
                        std::int64_t count, float* made) const {
    const float* weights = weights_of(pixel);
    for (std::int64_t k = 0; k < count; ++k) made[k] = weights[0] * rows[k];
    for (std::int64_t t = 1; t < taps_of(pixel); ++t) {
        const float weight = weights[t];
        const float* row = rows + t * stride;
        for (std::int64_t k = 0; k < count; ++k) made[k] += weight * row[k];
    }
}

void AxisResize::along(std::int64_t first, std::int64_t count, const float* row,
                       float* made) const {
    const std::int64_t start = begin(first);
    for (std::int64_t k = 0; k < count; ++k) {
        const float* weights = weights_of(first + k);
        const float* values = row + begin(first + k) - start;
        float sum = weights[0] * values[0];
        for (std::int64_t t = 1; t < taps_of(first + k); ++t) sum += weights[t] * values[t];
        made[k] = sum;
    }
}

}  // namespace unet
