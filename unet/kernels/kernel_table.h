#pragma once

#include <span>

#include "unet/kernels/batch_norm.h"
#include "unet/kernels/convolution.h"
#include "unet/kernels/dropout.h"
#include "unet/kernels/loss.h"
#include "unet/kernels/max_pool.h"
#include "unet/kernels/planar.h"
#include "unet/kernels/weights.h"

namespace unet::kernels {

/// Every operator that the network needs, for one way of computing with one element type. nn/ calls
/// through this table and does not know what answers: tensors and weights pass as bytes.
struct KernelTable {
    template <template <class> class Contract>
    using Function = Contract<std::byte>*;

    const char* name;
    Element element;
    /// Edge of the square of outputs that a 3x3 convolution computes together: 1, or 4 for Winograd
    /// F(4x4, 3x3), where the rounding of a value depends on all inputs of its square.
    std::int64_t footprint;
    const KernelTable*
        direct;  ///< direct convolutions only (footprint 1), else the same; or itself
    /// Fastest first; the last one computes every convolution from tensor to tensor.
    std::span<const ConvolutionCandidate> convolutions;
    Function<BasicConvolutionBackwardData> convolution_backward_data;
    Function<BasicConvolutionBackwardWeights> convolution_backward_weights;
    ConvolutionWorkspace* convolution_workspace;
    Function<BasicUpConvolutionForward> up_convolution_forward;
    Function<BasicUpConvolutionBackwardData> up_convolution_backward_data;
    Function<BasicUpConvolutionBackwardWeights> up_convolution_backward_weights;
    UpConvolutionWorkspace* up_convolution_workspace;
    Function<BasicMaxPoolForward> max_pool_forward;
    Function<BasicMaxPoolBackward> max_pool_backward;
    Function<BasicBatchNormForward> batch_norm_forward;
    Function<BasicBatchNormApply> batch_norm_apply;
    Function<BasicBatchNormBackward> batch_norm_backward;
    BatchNormWorkspace* batch_norm_workspace;
    Function<BasicDropoutForward> dropout_forward;
    Function<BasicSoftmaxLoss> softmax_loss;
    SoftmaxLossWorkspace* softmax_loss_workspace;
    Function<BasicFromPlanar> from_planar;
    Function<BasicToPlanar> to_planar;
    WeightBytes* weight_bytes;
    PackWeights* pack_weights;
    UnpackWeights* unpack_weights;

    /// The first candidate that supports this; null if none does.
    const ConvolutionCandidate* convolution(const ConvolutionShape& shape) const {
        for (const ConvolutionCandidate& candidate : convolutions)
            if (candidate.supports(shape)) return &candidate;
        return nullptr;
    }
    /// Runs it; there has to be one.
    void convolve(Context& context, const AnyConvolutionCall& call) const {
        convolution(call.shape())->run(context, call);
    }
};

}  // namespace unet::kernels
