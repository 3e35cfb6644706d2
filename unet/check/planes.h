#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// A slice as one number per pixel: the mean of its channels.
std::vector<float> brightness_of(const Image& image, std::int64_t z);

/// Some slices of a stack, spread evenly: neighbours say the same.
std::vector<std::int64_t> some_slices(std::int64_t depth);

/// Each pixel's mean with its neighbours, weights 1 2 1 along both axes; the border repeats.
void smooth(std::vector<float>& plane, std::int64_t height, std::int64_t width);

}  // namespace unet
