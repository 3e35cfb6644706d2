#pragma once

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Batch normalisation (Ioffe and Szegedy 2015): y = (x - mean) / sqrt(variance + epsilon) * scale
/// + shift, with the biased variance of the batch in training. All per-channel arrays are
/// [c/16][16], zero where a channel does not exist.
inline constexpr float batch_norm_epsilon = 1e-5f;
/// running = (1 - momentum) * running + momentum * batch; the running variance takes the unbiased
/// one.
inline constexpr float batch_norm_momentum = 0.1f;

template <class T>
struct BasicAppliedBatchNorm {
    const T* scale;
    const T* shift;
    const T* running_mean;
    const T* running_variance;
};

/// In training.
template <class T>
struct BasicBatchNorm {
    const T* scale;
    const T* shift;
    T* running_mean;      ///< updated
    T* running_variance;  ///< updated
    T* mean;              ///< out: of this batch, for backward
    T* inverse_std;       ///< out: 1 / sqrt(variance + epsilon), for backward

    operator BasicAppliedBatchNorm<T>() const {
        return {scale, shift, running_mean, running_variance};
    }
};

using AppliedBatchNorm = BasicAppliedBatchNorm<float>;
using BatchNormParameters = BasicBatchNorm<float>;

/// Training: statistics over batch and pixels. output may not be input.
template <class T>
using BasicBatchNormForward = void(Context&, const BasicView<const T>& input,
                                   const BasicBatchNorm<Plain<T>>&, bool relu,
                                   const BasicView<T>& output);
using BatchNormForward = BasicBatchNormForward<float>;
/// Prediction: running statistics. output may be input.
template <class T>
using BasicBatchNormApply = void(Context&, const BasicView<const T>& input,
                                 const BasicAppliedBatchNorm<Plain<T>>&, bool relu,
                                 const BasicView<T>& output);
using BatchNormApply = BasicBatchNormApply<float>;
/// grad_output (already through the ReLU) -> grad_input, in place; grad_scale and grad_shift are
/// overwritten. `input` is what forward read.
template <class T>
using BasicBatchNormBackward = void(Context&, const BasicView<const T>& input,
                                    const BasicBatchNorm<Plain<T>>&, const BasicView<T>& gradient,
                                    Plain<T>* grad_scale, Plain<T>* grad_shift);
using BatchNormBackward = BasicBatchNormBackward<float>;

/// Floats of workspace that forward and backward need.
using BatchNormWorkspace = std::int64_t(std::int64_t blocks, std::int64_t batch, const Size3& size);

}  // namespace unet::kernels
