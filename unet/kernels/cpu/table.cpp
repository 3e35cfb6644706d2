#include "unet/kernels/cpu/table.h"

#include "unet/kernels/cpu/convolution.h"
#include "unet/kernels/cpu/pointwise.h"
#include "unet/kernels/cpu/winograd.h"
#include "unet/kernels/opaque.h"

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

/// The same as a function of the table.
template <auto Function, const Simd* (*Set)()>
using Bound = Opaque<float, Bind<Function, Set>::call>;

template <const Simd* (*Set)()>
constexpr ConvolutionCandidate direct_only[] = {
    {"direct", direct_supports, Bound<direct_convolution, Set>{}}};

/// Where Winograd pays, the host's images do not go the direct way: their bits would depend on how
/// they come.
template <const Simd* (*Set)()>
constexpr ConvolutionCandidate winograd_first[] = {
    {"winograd", winograd_supports, Bound<winograd_convolution, Set>{}},
    {"direct",
     [](const ConvolutionShape& shape) { return !winograd_pays(shape) && direct_supports(shape); },
     Bound<direct_convolution, Set>{}}};

template <const Simd* (*Set)()>
KernelTable direct_table(const char* name, const KernelTable* direct) {
    return {
        .name = name,
        .element = Element::float32,
        .footprint = 1,
        .direct = direct,
        .convolutions = direct_only<Set>,
        .convolution_backward_data = Bound<direct_backward_data, Set>{},
        .convolution_backward_weights = Bound<direct_backward_weights, Set>{},
        .convolution_workspace = direct_workspace,
        .up_convolution_forward = Bound<up_convolution_forward, Set>{},
        .up_convolution_backward_data = Bound<up_convolution_backward_data, Set>{},
        .up_convolution_backward_weights = Bound<up_convolution_backward_weights, Set>{},
        .up_convolution_workspace = up_convolution_workspace,
        .max_pool_forward = Bound<max_pool_forward, Set>{},
        .max_pool_backward = Bound<max_pool_backward, Set>{},
        .batch_norm_forward = Bound<batch_norm_forward, Set>{},
        .batch_norm_apply = Bound<batch_norm_apply, Set>{},
        .batch_norm_backward = Bound<batch_norm_backward, Set>{},
        .batch_norm_workspace = batch_norm_workspace,
        .dropout_forward = Opaque<float, dropout_forward>{},
        .softmax_loss = Bound<softmax_loss, Set>{},
        .softmax_loss_workspace = softmax_loss_workspace,
        .from_planar = Opaque<float, from_planar<float>>{},
        .to_planar = Opaque<float, to_planar<float>>{},
        .weight_bytes = weight_bytes<float>,
        .pack_weights = pack_weights<float>,
        .unpack_weights = unpack_weights<float>,
    };
}

template <const Simd* (*Set)()>
KernelTable winograd_table(const char* name, const KernelTable& direct) {
    KernelTable table = direct;
    table.name = name;
    table.footprint = 4;
    table.convolutions = winograd_first<Set>;
    table.convolution_backward_data = Bound<winograd_backward_data, Set>{};
    table.convolution_backward_weights = Bound<winograd_backward_weights, Set>{};
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
