#include "unet/kernels/cpu/table.h"

#include "unet/kernels/cpu/convolution.h"
#include "unet/kernels/cpu/pointwise.h"
#include "unet/kernels/cpu/winograd.h"

namespace unet::kernels::cpu {
namespace {

/// Binds a function of this folder to one instruction set: bind<f, avx2>::call is f(*avx2(), ...).
template <auto Function, const Simd* (*Set)()>
struct Bind;
template <class Result, class... Args, Result (*Function)(const Simd&, Args...),
          const Simd* (*Set)()>
struct Bind<Function, Set> {
    static Result call(Args... args) { return Function(*Set(), args...); }
};

template <const Simd* (*Set)()>
KernelTable make_table(const char* name) {
    return {
        .name = name,
        .convolution_forward = Bind<convolution_forward, Set>::call,
        .convolution_backward_data = Bind<convolution_backward_data, Set>::call,
        .convolution_backward_weights = Bind<convolution_backward_weights, Set>::call,
        .convolution_workspace = convolution_workspace,
        .up_convolution_forward = Bind<up_convolution_forward, Set>::call,
        .up_convolution_backward_data = Bind<up_convolution_backward_data, Set>::call,
        .up_convolution_backward_weights = Bind<up_convolution_backward_weights, Set>::call,
        .up_convolution_workspace = up_convolution_workspace,
        .max_pool_forward = Bind<max_pool_forward, Set>::call,
        .max_pool_backward = Bind<max_pool_backward, Set>::call,
        .batch_norm_forward = Bind<batch_norm_forward, Set>::call,
        .batch_norm_apply = Bind<batch_norm_apply, Set>::call,
        .batch_norm_backward = Bind<batch_norm_backward, Set>::call,
        .batch_norm_workspace = batch_norm_workspace,
        .dropout_forward = dropout_forward,
        .softmax_loss = Bind<softmax_loss, Set>::call,
        .softmax_loss_workspace = softmax_loss_workspace,
        .from_planar = from_planar,
        .to_planar = to_planar,
        .first_convolution =
            [](const ConvolutionGeometry& g, std::int64_t in_channels) {
                return suits_planar_source(g, in_channels)
                           ? Bind<convolution_from_planar, Set>::call
                           : static_cast<ConvolutionFromPlanar*>(nullptr);
            },
        .last_convolution =
            [](const ConvolutionGeometry& g, std::int64_t in_channels, std::int64_t out_channels) {
                return suits_planar_target(g, in_channels, out_channels)
                           ? Bind<convolution_to_planar, Set>::call
                           : static_cast<ConvolutionToPlanar*>(nullptr);
            },
    };
}

template <const Simd* (*Set)()>
KernelTable with_winograd(const char* name) {
    KernelTable table = make_table<Set>(name);
    table.convolution_forward = Bind<fast_convolution_forward, Set>::call;
    table.convolution_backward_data = Bind<fast_convolution_backward_data, Set>::call;
    table.convolution_backward_weights = Bind<fast_convolution_backward_weights, Set>::call;
    table.convolution_workspace = fast_convolution_workspace;
    table.convolution_pooling = [](const ConvolutionGeometry& g, std::int64_t in_channels) {
        return fast_convolution_pools(g, in_channels)
                   ? Bind<fast_convolution_pool_forward, Set>::call
                   : static_cast<ConvolutionPoolForward*>(nullptr);
    };
    table.first_convolution = [](const ConvolutionGeometry& g, std::int64_t in_channels) {
        return fast_convolution_takes_planar(g, in_channels)
                   ? Bind<convolution_from_planar, Set>::call
                   : static_cast<ConvolutionFromPlanar*>(nullptr);
    };
    table.convolution_algorithm = fast_convolution_algorithm;
    table.footprint = 4;
    return table;
}

}  // namespace

const KernelTable* avx512_table() {
    static const KernelTable table = with_winograd<avx512>("avx512");
    return avx512() ? &table : nullptr;
}

const KernelTable* avx512_direct_table() {
    static const KernelTable table = make_table<avx512>("avx512-direct");
    return avx512() ? &table : nullptr;
}

const KernelTable* avx2_table() {
    static const KernelTable table = with_winograd<avx2>("avx2");
    return avx2() ? &table : nullptr;
}

const KernelTable* avx2_direct_table() {
    static const KernelTable table = make_table<avx2>("avx2-direct");
    return avx2() ? &table : nullptr;
}

const KernelTable* neon_table() {
    static const KernelTable table = with_winograd<neon>("neon");
    return neon() ? &table : nullptr;
}

const KernelTable* neon_direct_table() {
    static const KernelTable table = make_table<neon>("neon-direct");
    return neon() ? &table : nullptr;
}

}  // namespace unet::kernels::cpu
