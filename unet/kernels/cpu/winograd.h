#pragma once

#include "unet/kernels/cpu/convolution.h"

namespace unet::kernels::cpu {

// 3x3 convolutions by Winograd's F(4x4, 3x3), where that pays: which depends on kernel and channels
// alone.

/// Does it pay? Then the bits of such a convolution are Winograd's, whatever form source and target
/// have.
bool winograd_pays(const ConvolutionShape& shape);
bool winograd_supports(const ConvolutionShape& shape);
OnSimd<ConvolutionRun> winograd_convolution;

// Winograd's where it pays, direct ones elsewhere.
OnSimd<ConvolutionBackwardData> winograd_backward_data;
OnSimd<ConvolutionBackwardWeights> winograd_backward_weights;
/// For both candidates.
ConvolutionWorkspace winograd_workspace;

}  // namespace unet::kernels::cpu
