#pragma once

#include <cstdint>

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

struct DropoutDraw {
    double probability = 0.5;  ///< of being dropped, 0 <= p < 1
    std::uint64_t seed = 0;
    std::uint32_t step = 0;
    std::uint32_t layer = 0;
};

/// In place: each value is set to 0 with the given probability, else multiplied by 1 / (1 - p).
/// The draw of a value depends on (seed, step, layer) and its logical index n, c, z, y, x alone.
template <class T>
using BasicDropoutForward = void(Context&, const DropoutDraw&, const BasicView<T>& values);
using DropoutForward = BasicDropoutForward<float>;

}  // namespace unet::kernels
