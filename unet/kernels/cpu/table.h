#pragma once

#include "unet/kernels/kernel_table.h"

namespace unet::kernels::cpu {

/// The Highway kernels on one instruction set; null where this machine or build has none.
const KernelTable* avx512_table();
const KernelTable* avx2_table();

}  // namespace unet::kernels::cpu
