#pragma once

#include <cstdint>

#include "unet/nn/network.h"

namespace unet::nn {

/// Which axis of a size, a kernel or a padding is meant: &Size3::height.
using Axis = std::int64_t Size3::*;

/// Pixels [first, last) along one axis of a tensor.
struct Interval {
    std::int64_t first = 0, last = 0;

    /// The smallest that contains this one and begins and ends at multiples of `step`.
    Interval on_grid(std::int64_t step) const;
    bool operator==(const Interval&) const = default;
};

/// Input pixels that decide the bits of the logits in `output`. Both count from the first pixel of
/// the whole tensor, so with padding `same` an interval may begin before 0.
///
/// `footprint` is the block that a 3x3 convolution computes together: 1 for direct convolution, 4
/// for Winograd F(4x4, 3x3), where a value's rounding depends on all inputs of its 4x4 block.
/// Blocks count from pixel 0 of each tensor, so `output` should begin and end at multiples of
/// footprint x downsampling_of.
Interval input_needed(const Network& network, const Interval& output, std::int64_t footprint,
                      Axis axis = &Size3::height);

}  // namespace unet::nn
