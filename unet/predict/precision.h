#pragma once

#include "unet/core/fields.h"
#include "unet/kernels/element.h"

namespace unet {

/// In what a network computes, as a setting.
inline Field precision_field(kernels::Element& precision) {
    return choice("precision",
                  "of the numbers between layers: 32 bits, the same on every machine, or bfloat16, "
                  "twice as fast and a little less exact, on processors with AMX",
                  precision,
                  {{"fp32", kernels::Element::float32}, {"bf16", kernels::Element::bfloat16}});
}

}  // namespace unet
