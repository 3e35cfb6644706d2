#pragma once

#include "unet/kernels/batch_norm.h"
#include "unet/kernels/cpu/jobs.h"
#include "unet/kernels/dropout.h"
#include "unet/kernels/loss.h"
#include "unet/kernels/max_pool.h"
#include "unet/kernels/planar.h"

namespace unet::kernels::cpu {

// The contracts of unet/kernels/*.h, row by row and in parallel. Those that are not OnSimd are the
// same for every instruction set.

OnSimd<MaxPoolForward> max_pool_forward;
OnSimd<MaxPoolBackward> max_pool_backward;

OnSimd<BatchNormForward> batch_norm_forward;
OnSimd<BatchNormApply> batch_norm_apply;
OnSimd<BatchNormBackward> batch_norm_backward;
BatchNormWorkspace batch_norm_workspace;

DropoutForward dropout_forward;

OnSimd<SoftmaxLoss> softmax_loss;
SoftmaxLossWorkspace softmax_loss_workspace;

/// T: float or BFloat16.
template <class T>
void from_planar(Context&, const float* host, HostRows rows, const BasicView<T>& tensor);
template <class T>
void to_planar(Context&, const BasicView<const T>& tensor, HostRows rows, float* host);

}  // namespace unet::kernels::cpu
