#pragma once

#include "unet/kernels/kernel_table.h"

namespace unet::kernels::reference {

/// Plain loops in double, one thread: the oracle of every other table of that element type.
const KernelTable& table(Element element = Element::float32);

}  // namespace unet::kernels::reference
