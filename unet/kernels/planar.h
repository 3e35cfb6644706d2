#pragma once

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Host array, planar N, C, D, H, W <-> the backend's layout. from_planar writes zeros into
/// channels of the last block that do not exist.
using FromPlanar = void(Context&, const float* host, const View& tensor);
using ToPlanar = void(Context&, const ConstView& tensor, float* host);

}  // namespace unet::kernels
