#pragma once

#include "unet/kernels/kernel_table.h"

namespace unet::kernels::amx {

/// Predictions in bfloat16 on the tiles of AMX; what only training calls are the plain loops of the
/// reference. Null where the compiler, the processor or the system has no tiles.
const KernelTable* table();

}  // namespace unet::kernels::amx
