#pragma once

#include "unet/kernels/convolution.h"
#include "unet/kernels/max_pool.h"

namespace unet::kernels::amx {

// The contracts of unet/kernels/*.h on tensors of bfloat16, by the functions of tiles.h.

/// A sum over the host's images has the order of tap, channel; over a tensor, where taps are apart,
/// the tiles add pairs of channels: the last bit may differ between both, as it may for no other
/// reason.
bool supports(const ConvolutionShape& shape);
void convolution(Context&, const AnyConvolutionCall&);
BasicUpConvolutionForward<std::byte> up_convolution_forward;
BasicMaxPoolForward<std::byte> max_pool_forward;

}  // namespace unet::kernels::amx
