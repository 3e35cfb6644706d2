#pragma once

#include <cstdint>

#include "unet/nn/network.h"

namespace unet::nn {

/// Pixels [first, last) along the height or width of a tensor.
struct Interval {
    std::int64_t first = 0, last = 0;
    bool operator==(const Interval&) const = default;
};

/// Input pixels that decide the bits of the logits in `output`. Both count from the first pixel of
/// the whole tensor, so with padding `same` an interval may begin before 0.
///
/// `footprint` is the block that a 3x3 convolution computes together: 1 for direct convolution, 4
/// for Winograd F(4x4, 3x3), where a value's rounding depends on all inputs of its 4x4 block.
/// Blocks count from pixel 0 of each tensor, so `output` should begin and end at multiples of
/// footprint x downsampling_of.
Interval input_needed(const Network& network, const Interval& output, std::int64_t footprint);

}  // namespace unet::nn
