#include "unet/kernels/reference/table.h"

#include "unet/kernels/reference/convolution.h"
#include "unet/kernels/reference/loss.h"
#include "unet/kernels/reference/pointwise.h"
#include "unet/kernels/reference/up_convolution.h"

namespace unet::kernels::reference {
namespace {

BasicBatchNorm<float> basic(const BatchNormParameters& p) {
    return {p.scale, p.shift, p.running_mean, p.running_variance, p.mean, p.inverse_std};
}

}  // namespace

const KernelTable& table() {
    static const KernelTable reference_table{
        .name = "reference",
        .convolution_forward = convolution_forward<float>,
        .convolution_backward_data = convolution_backward_data<float>,
        .convolution_backward_weights = convolution_backward_weights<float>,
        .convolution_workspace = [](const ConvolutionGeometry&, std::int64_t, std::int64_t,
                                    std::int64_t, const Size3&, bool) { return std::int64_t{0}; },
        .up_convolution_forward = up_convolution_forward<float>,
        .up_convolution_backward_data = up_convolution_backward_data<float>,
        .up_convolution_backward_weights = up_convolution_backward_weights<float>,
        .up_convolution_workspace = [](const Size3&, std::int64_t, std::int64_t, std::int64_t,
                                       const Size3&) { return std::int64_t{0}; },
        .max_pool_forward = max_pool_forward<float>,
        .max_pool_backward = max_pool_backward<float>,
        .batch_norm_forward =
            [](Context& context, const ConstView& input, const BatchNormParameters& p, bool relu,
               const View& output) { batch_norm_forward(context, input, basic(p), relu, output); },
        .batch_norm_apply =
            [](Context& context, const ConstView& input, const BatchNormParameters& p, bool relu,
               const View& output) { batch_norm_apply(context, input, basic(p), relu, output); },
        .batch_norm_backward =
            [](Context& context, const ConstView& input, const BatchNormParameters& p,
               const View& gradient, float* grad_scale, float* grad_shift) {
                batch_norm_backward(context, input, basic(p), gradient, grad_scale, grad_shift);
            },
        .batch_norm_workspace = [](std::int64_t, std::int64_t,
                                   const Size3&) { return std::int64_t{0}; },
        .dropout_forward = dropout_forward<float>,
        .softmax_loss =
            [](Context& context, const LossInput& input, const View& gradient) {
                return softmax_loss<float>(context, input.logits, input.targets, input.weights,
                                           input.dice_weight, gradient);
            },
        .softmax_loss_workspace = [](std::int64_t, std::int64_t,
                                     const Size3&) { return std::int64_t{0}; },
        .from_planar = from_planar<float>,
        .to_planar = to_planar<float>,
    };
    return reference_table;
}

}  // namespace unet::kernels::reference
