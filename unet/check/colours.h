#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Red, green, blue as stored.
using StoredColour = std::array<float, 3>;

/// Every colour of an RGB image with its pixels, the frequent ones first. Empty where there are
/// more than `most`: a photograph, or a mask that was smoothed.
std::vector<std::pair<StoredColour, std::int64_t>> colours_of(const Image& image, std::size_t most);

}  // namespace unet
