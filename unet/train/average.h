#pragma once

#include <cstdint>
#include <span>

#include "unet/core/context.h"

namespace unet {

/// Moves `average` towards `values`: average = d average + (1 - d) values, where
/// d = min(decay, (1 + step) / (10 + step)), so that the first steps, far from any good weights,
/// are soon forgotten. `step` counts from 0. Bits do not depend on the number of threads.
void move_average(Context& context, double decay, std::int64_t step, std::span<float> average,
                  std::span<const float> values);

}  // namespace unet
