#pragma once

#include <cstdint>
#include <vector>

#include "unet/kernels/backend.h"
#include "unet/nn/network.h"

namespace unet::nn {

enum class Mode { inference, training };

/// Where a tensor lives in the arena: offset in floats of its first element, frame included.
struct Slot {
    std::int64_t offset = -1;  ///< -1: this tensor has no buffer in this mode
    /// Without the frame. In a prediction the height may be that of a band of rows, and of a tensor
    /// that its convolution pools only the middle is kept.
    Size3 size{};
    Size3 frame{0, 0, 0};     ///< zeros around the picture that the next kernel reads
    std::int64_t floats = 0;  ///< frame and channel padding included
};

/// Memory for one network, one input shape and one mode: every buffer's place in one arena,
/// computed from lifetimes before anything runs. What it says is what is allocated.
struct Plan {
    Mode mode{};
    Shape input{};
    Shape output{};                 ///< of the logits
    std::vector<Slot> activations;  ///< per tensor
    std::vector<Slot> gradients;    ///< per tensor, training only
    /// Per layer: the max-pooling that a convolution of a prediction does along with its own work
    /// and, at that max-pooling, the convolution; -1 elsewhere. What such a convolution stores is
    /// only what the skip connection reads.
    std::vector<int> partner;
    /// What reads a prediction's images and writes its logits as the host has them; null: that
    /// goes through a band of rows in the kernels' layout.
    const kernels::ConvolutionCandidate* first = nullptr;
    const kernels::ConvolutionCandidate* last = nullptr;
    std::vector<std::int64_t> statistics;  ///< per layer: a batch's mean and 1 / std; -1 elsewhere
    std::int64_t workspace_offset = 0;     ///< scratch shared by all kernels
    std::int64_t workspace_floats = 0;
    std::int64_t arena_floats = 0;

    /// Bytes that an Executor allocates: the arena.
    std::int64_t bytes() const { return arena_floats * 4; }
};

/// What the kernels are asked to do for a convolution layer, between tensors.
kernels::ConvolutionShape convolution_shape(const Network& network, const Layer& layer);

/// Throws Error(shape_mismatch) if `input` does not fit the network.
Plan make_plan(const Network& network, const Shape& input, Mode mode,
               const kernels::Backend& backend);

}  // namespace unet::nn
