#pragma once

#include <vector>

#include "unet/kernels/kernel_table.h"

namespace unet::kernels::cpu {

/// The Highway kernels on each instruction set that this machine and build have, fastest first.
/// Those called direct never use Winograd: a value then does not depend on its neighbours'
/// rounding, so any tiling gives the same bits.
std::vector<const KernelTable*> tables();

}  // namespace unet::kernels::cpu
