#include "unet/kernels/amx/table.h"

#ifdef UNET_AMX
#include <cpuid.h>

#include "unet/core/system/processors.h"
#include "unet/kernels/amx/convolution.h"
#include "unet/kernels/cpu/jobs.h"
#include "unet/kernels/cpu/pointwise.h"
#include "unet/kernels/opaque.h"
#include "unet/kernels/reference/table.h"
#endif

namespace unet::kernels::amx {

#ifdef UNET_AMX
namespace {

bool machine_has_tiles() {
    constexpr unsigned amx_bf16 = 1u << 22, amx_tile = 1u << 24;  // leaf 7: edx
    constexpr unsigned avx512_bf16 = 1u << 5;                     // its subleaf 1: eax
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
    if ((edx & amx_bf16) == 0 || (edx & amx_tile) == 0) return false;
    if (!__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx)) return false;
    return (eax & avx512_bf16) != 0 && cpu::avx512() != nullptr && system::may_use_tiles();
}

constexpr ConvolutionCandidate convolutions[] = {{"direct", supports, convolution}};

KernelTable make_table(const KernelTable* itself) {
    KernelTable table = reference::table(Element::bfloat16);
    table.name = "amx";
    table.direct = itself;
    table.convolutions = convolutions;
    table.up_convolution_forward = up_convolution_forward;
    table.max_pool_forward = max_pool_forward;
    table.from_planar = Opaque<BFloat16, cpu::from_planar<BFloat16>>{};
    table.to_planar = Opaque<BFloat16, cpu::to_planar<BFloat16>>{};
    return table;
}

}  // namespace
#endif

const KernelTable* table() {
#ifdef UNET_AMX
    static const KernelTable tiles = make_table(&tiles);
    static const bool there = machine_has_tiles();
    return there ? &tiles : nullptr;
#else
    return nullptr;
#endif
}

}  // namespace unet::kernels::amx
