#pragma once

#include "unet/kernels/kernel_table.h"

namespace unet::kernels::reference {

/// Plain loops in double, one thread: the oracle of every other table.
const KernelTable& table();

}  // namespace unet::kernels::reference
