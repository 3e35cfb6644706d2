#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/kernels/backend.h"
#include "unet/nn/pass.h"
#include "unet/nn/reach.h"

namespace unet::nn {

/// A layer in the plan that is being made: what it may ask before it says what memory it needs.
struct Site {
    const Network& network;
    const Layer& layer;
    const std::vector<Size3>& sizes;  ///< per tensor
    std::int64_t batch;
    Mode mode;
    const kernels::Backend& backend;

    std::int64_t channels(int tensor) const { return network.tensors[tensor].channels; }
    std::int64_t blocks(int tensor) const { return backend.blocks(channels(tensor)); }
    std::int64_t in_blocks() const {
        std::int64_t count = 0;
        for (const int input : layer.inputs) count += blocks(input);
        return count;
    }
};

/// What a layer needs of a plan's memory beside its output. Inputs live until its backward pass.
struct LayerMemory {
    bool in_place = false;           ///< the output takes the memory of the input
    bool gradient_in_place = false;  ///< and its gradient that of the input's gradient
    bool idle = false;               ///< in place with nothing to do: the output is the input
    bool keeps_output = false;       ///< backward reads the output too
    Size3 input_frame{0, 0, 0};      ///< zeros that forward reads around every input
    Size3 gradient_frame{0, 0, 0};   ///< and backward around the gradient of the output
    std::int64_t kept = 0;           ///< bytes that go from forward to backward
    std::int64_t workspace = 0;      ///< floats of Context::workspace, forward or backward
    /// What a prediction holds, in the kernels' layout, of the network's input where the layer is
    /// the first, and of the logits where it is the last: a band of rows, or nothing.
    Size3 stored_input{}, stored_output{};
};

/// A kind of layer: all that the walks over a network (shapes, reach, plan, executor, weights) ask.
/// Each kind is one file of this folder and one line below; there is one object of each, and what
/// differs from layer to layer stands in Layer.
class LayerType {
public:
    /// "3x3 convolution"
    virtual std::string text(const Layer&) const = 0;
    /// Products of an output value and input channel; 0 where nothing is multiplied.
    virtual std::int64_t taps(const Layer&) const { return 0; }
    /// What computes it ("direct", "winograd"); empty where there is only one way.
    virtual std::string algorithm(const Layer&, std::int64_t /*in_channels*/,
                                  const kernels::KernelTable&) const {
        return {};
    }

    /// The tensor that it writes, without a name; `input` is the first that it reads.
    virtual Tensor output(const Layer& layer, const Tensor& input) const {
        return {.channels = layer.channels ? layer.channels : input.channels,
                .level = input.level,
                .relu = layer.relu};
    }
    /// Names after "LAYER.", in file order; `in` has the channels of each input.
    virtual std::vector<ParameterInfo> parameters(const Layer&,
                                                  const std::vector<std::int64_t>& /*in*/) const {
        return {};
    }
    /// 0 or less on an axis where `input` does not fit.
    virtual Size3 output_size(const Layer&, const Size3& input) const { return input; }
    /// Why it does not: "has nothing left of 2x2".
    virtual std::string misfit(const Size3& input) const {
        return "has nothing left of " + to_string(input);
    }
    /// Pixels of the first input that decide the bits of `output` (reach.h).
    virtual Interval input_needed(const Layer&, Axis, const Interval& output,
                                  std::int64_t /*footprint*/) const {
        return output;
    }

    virtual LayerMemory memory(const Site&) const { return {}; }
    /// Whether forward_both does its work and that of `next`, which reads its output, at once.
    virtual bool absorbs(const Site&, const Layer& /*next*/) const { return false; }

    /// Frames are cleared before each of these.
    virtual void forward(Pass&, const Layer&) const = 0;
    /// With statistics of the batch, and with chance.
    virtual void forward_training(TrainingPass& pass, const Layer& layer) const {
        forward(pass, layer);
    }
    virtual void forward_both(Pass&, const Layer&, const Layer& /*next*/) const {}
    /// forward of a network's first layer, from images as the host has them (planar N, C, D, H, W),
    /// and of its last, to logits as the host wants them: convolutions stand there.
    virtual void forward_from_host(Pass&, const Layer&, const float* /*images*/) const {}
    virtual void forward_to_host(Pass&, const Layer&, float* /*logits*/) const {}
    /// Gradients of the parameters (overwritten) and of the inputs (TrainingPass::target) from that
    /// of the output.
    virtual void backward(TrainingPass&, const Layer&) const = 0;

protected:
    ~LayerType() = default;
};

/// All kinds.
namespace layers {
extern const LayerType& convolution;
extern const LayerType& max_pool;
extern const LayerType& up_convolution;
extern const LayerType& batch_norm;
extern const LayerType& dropout;
}  // namespace layers

}  // namespace unet::nn
