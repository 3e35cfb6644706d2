#include "unet/kernels/reference/table.h"

#include "unet/kernels/reference/convolution.h"
#include "unet/kernels/reference/loss.h"
#include "unet/kernels/reference/pointwise.h"
#include "unet/kernels/reference/up_convolution.h"

namespace unet::kernels::reference {
namespace {

template <class... Args>
std::int64_t no_workspace(Args...) {
    return 0;
}

bool from_tensor_to_tensor(const ConvolutionShape& shape) {
    return !shape.planar_source && !shape.planar_target && shape.pool == Size3{1, 1, 1};
}

constexpr ConvolutionCandidate convolutions[] = {
    {"direct", from_tensor_to_tensor, convolution_forward<float>}};

}  // namespace

const KernelTable& table() {
    static const KernelTable reference_table{
        .name = "reference",
        .footprint = 1,
        .direct = &reference_table,
        .convolutions = convolutions,
        .convolution_backward_data = convolution_backward_data<float>,
        .convolution_backward_weights = convolution_backward_weights<float>,
        .convolution_workspace = no_workspace,
        .up_convolution_forward = up_convolution_forward<float>,
        .up_convolution_backward_data = up_convolution_backward_data<float>,
        .up_convolution_backward_weights = up_convolution_backward_weights<float>,
        .up_convolution_workspace = no_workspace,
        .max_pool_forward = max_pool_forward<float>,
        .max_pool_backward = max_pool_backward<float>,
        .batch_norm_forward = batch_norm_forward<float>,
        .batch_norm_apply = batch_norm_apply<float>,
        .batch_norm_backward = batch_norm_backward<float>,
        .batch_norm_workspace = no_workspace,
        .dropout_forward = dropout_forward<float>,
        .softmax_loss = softmax_loss<float>,
        .softmax_loss_workspace = no_workspace,
        .from_planar = from_planar<float>,
        .to_planar = to_planar<float>,
    };
    return reference_table;
}

}  // namespace unet::kernels::reference
