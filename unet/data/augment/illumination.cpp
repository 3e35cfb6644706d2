#include "unet/data/augment/illumination.h"

#include <algorithm>
#include <array>

#include "unet/core/math.h"

namespace unet {
namespace {

constexpr std::int64_t points = 4;   // a quarter of a patch is about as large as a few objects
constexpr double largest_log = 3.0;  // of a spline that swings beyond its points

}  // namespace

Illumination::Illumination(const AugmentOptions& options, std::int64_t height, std::int64_t width,
                           Random& random)
    : uneven_(options.illumination > 0.0) {
    if (!uneven_) return;
    row_.resize(width);
    std::array<double, points * points> logs{};
    double sum = 0.0;
    for (double& value : logs) {
        value = options.illumination * (2.0 * static_cast<double>(random.uniform()) - 1.0);
        sum += value;
    }
    for (double& value : logs) value -= sum / static_cast<double>(logs.size());
    field_ = CubicField(logs, points, height, width);
}

void Illumination::apply(std::int64_t y, std::span<float> values) {
    if (!uneven_) return;
    field_.row(y, row_);
    for (std::size_t x = 0; x < values.size(); ++x) {
        // exp by its series, which is smooth and needs no table: to 1 % up to factors of 4.
        const float t =
            std::clamp(row_[x], -static_cast<float>(largest_log), static_cast<float>(largest_log)) /
            8.0f;
        float e = 1.0f + t * (1.0f + t * (0.5f + t * (1.0f / 6.0f)));
        e *= e;
        e *= e;
        values[x] *= e * e;
    }
}

}  // namespace unet
