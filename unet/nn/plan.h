#pragma once

#include <cstdint>
#include <vector>

#include "unet/kernels/backend.h"
#include "unet/nn/network.h"

namespace unet::nn {

enum class Mode { inference, training };

/// Where a tensor lives in the arena: offset in bytes of its first element, frame included.
struct Slot {
    std::int64_t offset = -1;  ///< -1: this tensor has no buffer in this mode
    /// Without the frame. In a prediction the height may be that of a band of rows, and of a tensor
    /// that its convolution pools only the middle is kept.
    Size3 size{};
    Size3 frame{0, 0, 0};    ///< zeros around the image that the next kernel reads
    std::int64_t bytes = 0;  ///< frame and channel padding included
    bool in_place = false;   ///< in the memory of its layer's input, whose frame is zero already
};

/// Memory for one network, one input shape and one mode: every buffer's place in one arena,
/// computed from lifetimes before anything runs. What it says is what is allocated.
struct Plan {
    Mode mode{};
    Shape input{};
    Shape output{};                 ///< of the logits
    std::vector<Slot> activations;  ///< per tensor
    std::vector<Slot> gradients;    ///< per tensor, training only
    /// Per layer: the one whose work a layer of a prediction does along with its own
    /// (LayerType::forward_both) and, at that one, the layer that does it; -1 elsewhere.
    std::vector<int> partner;
    /// Per tensor: offset of what the layer that writes it keeps from forward to backward; -1:
    /// nothing.
    std::vector<std::int64_t> kept;
    std::int64_t workspace_offset = 0;  ///< scratch shared by all kernels
    std::int64_t workspace_floats = 0;
    std::int64_t arena_bytes = 0;

    /// Bytes that an Executor allocates: the arena.
    std::int64_t bytes() const { return arena_bytes; }
};

/// Throws Error(shape_mismatch) if `input` does not fit the network.
Plan make_plan(const Network& network, const Shape& input, Mode mode,
               const kernels::Backend& backend);

}  // namespace unet::nn
