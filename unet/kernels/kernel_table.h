#pragma once

#include <span>

#include "unet/kernels/batch_norm.h"
#include "unet/kernels/convolution.h"
#include "unet/kernels/dropout.h"
#include "unet/kernels/loss.h"
#include "unet/kernels/max_pool.h"
#include "unet/kernels/planar.h"

namespace unet::kernels {

/// Every operator that the network needs, for one way of computing in float32. nn/ calls through
/// this table and does not know what answers.
struct KernelTable {
    const char* name;
    /// Edge of the square of outputs that a 3x3 convolution computes together: 1, or 4 for Winograd
    /// F(4x4, 3x3), where the rounding of a value depends on all inputs of its square.
    std::int64_t footprint;
    const KernelTable*
        direct;  ///< direct convolutions only (footprint 1), else the same; or itself
    /// Fastest first; the last one computes every convolution from tensor to tensor.
    std::span<const ConvolutionCandidate> convolutions;
    ConvolutionBackwardData* convolution_backward_data;
    ConvolutionBackwardWeights* convolution_backward_weights;
    ConvolutionWorkspace* convolution_workspace;
    UpConvolutionForward* up_convolution_forward;
    UpConvolutionBackwardData* up_convolution_backward_data;
    UpConvolutionBackwardWeights* up_convolution_backward_weights;
    UpConvolutionWorkspace* up_convolution_workspace;
    MaxPoolForward* max_pool_forward;
    MaxPoolBackward* max_pool_backward;
    BatchNormForward* batch_norm_forward;
    BatchNormApply* batch_norm_apply;
    BatchNormBackward* batch_norm_backward;
    BatchNormWorkspace* batch_norm_workspace;
    DropoutForward* dropout_forward;
    SoftmaxLoss* softmax_loss;
    SoftmaxLossWorkspace* softmax_loss_workspace;
    FromPlanar* from_planar;
    ToPlanar* to_planar;

    /// The first candidate that supports this; null if none does.
    const ConvolutionCandidate* convolution(const ConvolutionShape& shape) const {
        for (const ConvolutionCandidate& candidate : convolutions)
            if (candidate.supports(shape)) return &candidate;
        return nullptr;
    }
    /// Runs it; there has to be one.
    void convolve(Context& context, const ConvolutionCall& call) const {
        convolution(call.shape())->run(context, call);
    }
};

}  // namespace unet::kernels
