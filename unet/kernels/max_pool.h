#pragma once

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Rows of a window, over all its depths, at most.
inline constexpr std::int64_t most_pool_rows = 64;

/// Max-pooling with window = stride; output size = input size / stride (rest is not read).
template <class T>
using BasicMaxPoolForward = void(Context&, const Size3& stride, const BasicView<const T>& input,
                                 const BasicView<T>& output);
using MaxPoolForward = BasicMaxPoolForward<float>;

/// Each output's gradient goes to the first pixel of its window (in z, y, x order) that equals the
/// maximum, through the target's activation; the other pixels of the image receive 0. With
/// `accumulate` the gradient is added to what is there. Pixels that no window covers count as 0.
template <class T>
using BasicMaxPoolBackward = void(Context&, const Size3& stride, const BasicView<const T>& input,
                                  const BasicView<const T>& output,
                                  const BasicView<const T>& grad_output,
                                  const BasicGradientTarget<T>& target);
using MaxPoolBackward = BasicMaxPoolBackward<float>;

}  // namespace unet::kernels
