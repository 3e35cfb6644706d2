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
template <class T>
using BasicFromPlanar = void(Context&, const Plain<T>* host, HostRows rows,
                             const BasicView<T>& tensor);
using FromPlanar = BasicFromPlanar<float>;
template <class T>
using BasicToPlanar = void(Context&, const BasicView<const T>& tensor, HostRows rows,
                           Plain<T>* host);
using ToPlanar = BasicToPlanar<float>;

}  // namespace unet::kernels
