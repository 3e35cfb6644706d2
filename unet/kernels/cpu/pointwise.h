#pragma once

#include "unet/kernels/batch_norm.h"
#include "unet/kernels/cpu/jobs.h"
#include "unet/kernels/dropout.h"
#include "unet/kernels/loss.h"
#include "unet/kernels/max_pool.h"
#include "unet/kernels/planar.h"

namespace unet::kernels::cpu {

// The contracts of unet/kernels/*.h, row by row and in parallel. Those without a Simd argument are
// the same for every instruction set.

void max_pool_forward(const Simd&, Context&, const Size3& stride, const ConstView& input,
                      const View& output);
void max_pool_backward(const Simd&, Context&, const Size3& stride, const ConstView& input,
                       const ConstView& output, const ConstView& grad_output,
                       const GradientTarget& target);
void batch_norm_forward(const Simd&, Context&, const ConstView& input, const BatchNormParameters&,
                        bool relu, const View& output);
void batch_norm_apply(const Simd&, Context&, const ConstView& input, const BatchNormParameters&,
                      bool relu, const View& output);
void batch_norm_backward(const Simd&, Context&, const ConstView& input, const BatchNormParameters&,
                         const View& gradient, float* grad_scale, float* grad_shift);
std::int64_t batch_norm_workspace(std::int64_t blocks, std::int64_t batch, const Size3& size);

DropoutForward dropout_forward;
LossValue softmax_loss(const Simd&, Context&, const LossInput&, const View& grad_logits);

SoftmaxLossWorkspace softmax_loss_workspace;
FromPlanar from_planar;
ToPlanar to_planar;

}  // namespace unet::kernels::cpu
