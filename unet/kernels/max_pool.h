#pragma once

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Rows of a window, over all its depths, at most.
inline constexpr std::int64_t most_pool_rows = 64;

/// Max-pooling with window = stride; output size = input size / stride (rest is not read).
using MaxPoolForward = void(Context&, const Size3& stride, const ConstView& input,
                            const View& output);

/// Each output's gradient goes to the first pixel of its window (in z, y, x order) that equals the
/// maximum, through the target's activation; the other pixels of the image receive 0. With
/// `accumulate` the gradient is added to what is there. Pixels that no window covers count as 0.
using MaxPoolBackward = void(Context&, const Size3& stride, const ConstView& input,
                             const ConstView& output, const ConstView& grad_output,
                             const GradientTarget& target);

}  // namespace unet::kernels
