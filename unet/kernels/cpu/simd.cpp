// The files *.inl, compiled once per instruction set by Highway's foreach_target.h.
// No standard library in here or below: see jobs.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/kernels/cpu/simd.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "unet/core/series.h"
#include "unet/kernels/cpu/jobs.h"

#ifndef UNET_UNROLL
#define UNET_UNROLL _Pragma("GCC unroll 16")
#endif

HWY_BEFORE_NAMESPACE();
namespace unet::kernels::cpu {
namespace HWY_NAMESPACE {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_NEON
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Tag>;
constexpr std::int64_t lanes = hn::MaxLanes(Tag());
constexpr std::int64_t block_vectors = 16 / lanes;  // vectors per channel block

// In this order: what uses another's functions comes after it.
// clang-format off
#include "unet/kernels/cpu/direct.inl"
#include "unet/kernels/cpu/direct_planar.inl"
#include "unet/kernels/cpu/math.inl"
#include "unet/kernels/cpu/rows.inl"
#include "unet/kernels/cpu/weight_gradient.inl"
#include "unet/kernels/cpu/winograd_transforms.inl"
#include "unet/kernels/cpu/winograd_tiles.inl"
#include "unet/kernels/cpu/winograd.inl"
#include "unet/kernels/cpu/winograd_gradient.inl"
// clang-format on

}  // namespace

const Simd& simd() {
    static constexpr Simd functions{
        direct,       direct_from_planar, direct_to_planar, weight_gradient,
        winograd,     winograd_gradient,  max_pool_row,     max_pool_row_backward,
        row_moments,  row_products,       row_affine,       row_gradient,
        exponentials, logarithms};
    return functions;
}
#endif
}  // namespace HWY_NAMESPACE
}  // namespace unet::kernels::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet::kernels::cpu {

namespace {

/// Asked once: every kernel call passes here, and each CPUID of a virtual machine is a way to its
/// host and back.
[[maybe_unused]] bool machine_has(std::int64_t target) {
    static const std::int64_t targets = hwy::SupportedTargets();
    return (targets & target) != 0;
}

}  // namespace

const Simd* avx512() {
#if HWY_TARGETS & HWY_AVX3
    if (machine_has(HWY_AVX3)) return &N_AVX3::simd();
#endif
    return nullptr;
}

const Simd* avx2() {
#if HWY_TARGETS & HWY_AVX2
    if (machine_has(HWY_AVX2)) return &N_AVX2::simd();
#endif
    return nullptr;
}

const Simd* neon() {
#if HWY_TARGETS & HWY_NEON
    if (machine_has(HWY_NEON)) return &N_NEON::simd();
#endif
    return nullptr;
}

}  // namespace unet::kernels::cpu
#endif
