#include "unet/kernels/reference/table.h"

#include "unet/kernels/opaque.h"
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

template <class T>
constexpr ConvolutionCandidate convolutions[] = {
    {"direct", from_tensor_to_tensor, Opaque<T, convolution_forward<T>>{}}};

template <class T>
KernelTable make_table(Element element, const KernelTable* itself) {
    return {
        .name = "reference",
        .element = element,
        .footprint = 1,
        .direct = itself,
        .convolutions = convolutions<T>,
        .convolution_backward_data = Opaque<T, convolution_backward_data<T>>{},
        .convolution_backward_weights = Opaque<T, convolution_backward_weights<T>>{},
        .convolution_workspace = no_workspace,
        .up_convolution_forward = Opaque<T, up_convolution_forward<T>>{},
        .up_convolution_backward_data = Opaque<T, up_convolution_backward_data<T>>{},
        .up_convolution_backward_weights = Opaque<T, up_convolution_backward_weights<T>>{},
        .up_convolution_workspace = no_workspace,
        .max_pool_forward = Opaque<T, max_pool_forward<T>>{},
        .max_pool_backward = Opaque<T, max_pool_backward<T>>{},
        .batch_norm_forward = Opaque<T, batch_norm_forward<T>>{},
        .batch_norm_apply = Opaque<T, batch_norm_apply<T>>{},
        .batch_norm_backward = Opaque<T, batch_norm_backward<T>>{},
        .batch_norm_workspace = no_workspace,
        .dropout_forward = Opaque<T, dropout_forward<T>>{},
        .softmax_loss = Opaque<T, softmax_loss<T>>{},
        .softmax_loss_workspace = no_workspace,
        .from_planar = Opaque<T, from_planar<T>>{},
        .to_planar = Opaque<T, to_planar<T>>{},
        .weight_bytes = weight_bytes<T>,
        .pack_weights = pack_weights<T>,
        .unpack_weights = unpack_weights<T>,
    };
}

}  // namespace

const KernelTable& table(Element element) {
    static const KernelTable float32 = make_table<float>(Element::float32, &float32);
    static const KernelTable bfloat16 = make_table<BFloat16>(Element::bfloat16, &bfloat16);
    return element == Element::float32 ? float32 : bfloat16;
}

}  // namespace unet::kernels::reference
