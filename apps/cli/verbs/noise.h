#pragma once

#include <cstdint>
#include <vector>

namespace unet::cli {

/// Reproducible values in [0, 1) for what is timed (times depend on them a little: denormals, zeros
/// after ReLU).
std::vector<float> noise(std::int64_t count);

}  // namespace unet::cli
