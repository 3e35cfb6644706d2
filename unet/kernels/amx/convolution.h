#pragma once

#include "unet/kernels/convolution.h"
#include "unet/kernels/max_pool.h"

namespace unet::kernels::amx {

// The contracts of unet/kernels/*.h on tensors of bfloat16, by the functions of tiles.h.

bool supports(const ConvolutionShape& shape);
void convolution(Context&, const AnyConvolutionCall&);
BasicUpConvolutionForward<std::byte> up_convolution_forward;
BasicMaxPoolForward<std::byte> max_pool_forward;

}  // namespace unet::kernels::amx
