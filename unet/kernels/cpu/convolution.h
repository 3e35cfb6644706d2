#pragma once

#include "unet/kernels/convolution.h"
#include "unet/kernels/cpu/jobs.h"

namespace unet::kernels::cpu {

/// A ConvolutionCandidate's `run`.
using ConvolutionRun = void(Context&, const ConvolutionCall&);

// Direct convolutions, of any kernel: between tensors, of the host's images with few channels, and
// with a 1x1 kernel to the host's logits of few classes.

bool direct_supports(const ConvolutionShape& shape);
OnSimd<ConvolutionRun> direct_convolution;
OnSimd<ConvolutionBackwardData> direct_backward_data;
OnSimd<ConvolutionBackwardWeights> direct_backward_weights;
ConvolutionWorkspace direct_workspace;

OnSimd<UpConvolutionForward> up_convolution_forward;
OnSimd<UpConvolutionBackwardData> up_convolution_backward_data;
OnSimd<UpConvolutionBackwardWeights> up_convolution_backward_weights;
UpConvolutionWorkspace up_convolution_workspace;

}  // namespace unet::kernels::cpu
