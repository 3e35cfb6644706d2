#pragma once

#include <cstdint>

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Pixelwise softmax, cross-entropy weighted per pixel (section 3 of the paper), plus soft Dice:
///   cross_entropy = sum over pixels of w * -log p[target] / sum of w
///   dice_c        = (2 sum v p_c t_c + eps) / (sum v p_c + sum v t_c + eps), eps = 1e-5,
///                   v = 1 where w > 0 else 0, t the one-hot target, sums over the whole batch
///   dice          = 1 - mean of dice_c over the foreground classes c >= 1
///   total         = cross_entropy + dice_weight * dice
/// Pixels of weight 0 (the ignore label) take no part.
template <class T>
struct BasicLossInput {
    BasicView<const T> logits;
    const std::uint8_t* targets;  ///< N, D, H, W planar: class index below logits.channels
    const float* weights;         ///< like targets, finite, >= 0
    double dice_weight = 0.0;

    operator BasicLossInput<std::byte>() const requires(!is_opaque<T>) {
        return {logits, targets, weights, dice_weight};
    }
};

using LossInput = BasicLossInput<float>;

struct LossValue {
    double total = 0.0, cross_entropy = 0.0, dice = 0.0;
};

/// Returns the loss and writes d total / d logits; a batch whose weights are all 0 gives 0 and 0.
template <class T>
using BasicSoftmaxLoss = LossValue(Context&, const BasicLossInput<T>&,
                                   const BasicView<T>& grad_logits);
using SoftmaxLoss = BasicSoftmaxLoss<float>;

/// Floats of workspace that it needs.
using SoftmaxLossWorkspace = std::int64_t(std::int64_t classes, std::int64_t batch,
                                          const Size3& size);

}  // namespace unet::kernels
