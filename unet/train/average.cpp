#include "unet/train/average.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr std::int64_t chunk = 1 << 14;

}  // namespace

void move_average(Context& context, double decay, std::int64_t step, std::span<float> average,
                  std::span<const float> values) {
    if (average.size() != values.size())
        fail(ErrorCode::shape_mismatch, "average: found {} values, expected {}", values.size(),
             average.size());
    const auto steps = static_cast<double>(step);
    const auto towards = static_cast<float>(1.0 - std::min(decay, (1.0 + steps) / (10.0 + steps)));
    const auto floats = static_cast<std::int64_t>(values.size());
    parallel_for(context, (floats + chunk - 1) / chunk, [&](std::int64_t item, int) {
        const std::int64_t first = item * chunk;
        const std::int64_t count = std::min(chunk, floats - first);
        float* __restrict a = average.data() + first;
        const float* __restrict v = values.data() + first;
        for (std::int64_t i = 0; i < count; ++i) a[i] += towards * (v[i] - a[i]);
    });
}

}  // namespace unet
