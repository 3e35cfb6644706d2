#include "unet/kernels/cpu/table.h"

#include "unet/kernels/cpu/convolution.h"
#include "unet/kernels/cpu/pointwise.h"
#include "unet/kernels/cpu/winograd.h"

namespace unet::kernels::cpu {
namespace {

/// Binds a function of this folder to one instruction set: Bind<f, avx2>::call is f(*avx2(), ...).
template <auto Function, const Simd* (*Set)()>
struct Bind;
template <class Result, class... Args, Result (*Function)(const Simd&, Args...),
          const Simd* (*Set)()>
struct Bind<Function, Set> {
    static Result call(Args... args) { return Function(*Set(), args...); }
};

template <const Simd* (*Set)()>
constexpr ConvolutionCandidate direct_only[] = {
    {"direct", direct_supports, Bind<direct_convolution, Set>::call}};

/// Where Winograd pays, the host's images do not go the direct way: their bits would depend on how
/// they come.
template <const Simd* (*Set)()>
constexpr ConvolutionCandidate winograd_first[] = {
    {"winograd", winograd_supports, Bind<winograd_convolution, Set>::call},
    {"direct",
     [](const ConvolutionShape& shape) { return !winograd_pays(shape) && direct_supports(shape); },
     Bind<direct_convolution, Set>::call}};

template <const Simd* (*Set)()>
KernelTable direct_table(const char* name, const KernelTable* direct) {
    return {
        .name = name,
        .footprint = 1,
        .direct = direct,
        .convolutions = direct_only<Set>,
        .convolution_backward_data = Bind<direct_backward_data, Set>::call,
        .convolution_backward_weights = Bind<direct_backward_weights, Set>::call,
        .convolution_workspace = direct_workspace,
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
    };
}

template <const Simd* (*Set)()>
KernelTable winograd_table(const char* name, const KernelTable& direct) {
    KernelTable table = direct;
    table.name = name;
    table.footprint = 4;
    table.convolutions = winograd_first<Set>;
    table.convolution_backward_data = Bind<winograd_backward_data, Set>::call;
    table.convolution_backward_weights = Bind<winograd_backward_weights, Set>::call;
    table.convolution_workspace = winograd_workspace;
    return table;
}

/// The two tables of an instruction set, if this machine has it.
template <const Simd* (*Set)()>
void append(std::vector<const KernelTable*>& found, const char* name, const char* direct_name) {
    static const KernelTable direct = direct_table<Set>(direct_name, &direct);
    static const KernelTable fast = winograd_table<Set>(name, direct);
    if (Set()) found.insert(found.end(), {&fast, &direct});
}

}  // namespace

std::vector<const KernelTable*> tables() {
    std::vector<const KernelTable*> found;
    append<avx512>(found, "avx512", "avx512-direct");
    append<avx2>(found, "avx2", "avx2-direct");
    append<neon>(found, "neon", "neon-direct");
    return found;
}

}  // namespace unet::kernels::cpu
