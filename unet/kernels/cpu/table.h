#pragma once

#include "unet/kernels/kernel_table.h"

namespace unet::kernels::cpu {

/// The Highway kernels on one instruction set; null where this machine or build has none. Those
/// called direct never use Winograd: a value then does not depend on its neighbours' rounding, so
/// any tiling gives the same bits (--exact).
const KernelTable* avx512_table();
const KernelTable* avx512_direct_table();
const KernelTable* avx2_table();
const KernelTable* avx2_direct_table();
const KernelTable* neon_table();
const KernelTable* neon_direct_table();

}  // namespace unet::kernels::cpu
