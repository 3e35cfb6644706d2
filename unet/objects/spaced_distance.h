#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/shape.h"

namespace unet {

/// Exact squared Euclidean distance from each pixel's centre to that of the nearest marked pixel
/// (any value but 0), infinity where none is marked: D, H, W as `marked`, in squared units of
/// `spacing`, the size of a pixel along each axis (> 0). What SciPy's distance_transform_edt gives
/// with `sampling`, squared. Linear in pixels (Felzenszwalb and Huttenlocher 2012); where pixels
/// are square, squared_distances() does it in whole numbers.
std::vector<double> spaced_squared_distances(std::span<const std::uint8_t> marked,
                                             const Size3& size,
                                             const std::array<double, 3>& spacing);

}  // namespace unet
