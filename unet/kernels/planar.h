#pragma once

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// The rows [first, first + view height) of images `height` rows high: what a view holds of them.
struct HostRows {
    std::int64_t first = 0, height = 0;
};

/// Host array, planar N, C, D, H, W <-> the backend's layout. from_planar writes zeros into
/// channels of the last block that do not exist, and into rows outside the image.
using FromPlanar = void(Context&, const float* host, HostRows rows, const View& tensor);
using ToPlanar = void(Context&, const ConstView& tensor, HostRows rows, float* host);

}  // namespace unet::kernels
