#include <fmt/format.h>

#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

/// The largest value of each window; windows do not overlap.
class MaxPool final : public LayerType {
public:
    std::string text(const Layer& layer) const override {
        return fmt::format("{0}x{0} max-pool", layer.kernel.width);
    }

    Tensor output(const Layer&, const Tensor& input) const override {
        return {.channels = input.channels, .level = input.level + 1};
    }
    Size3 output_size(const Layer& layer, const Size3& in) const override {
        const Size3& k = layer.kernel;
        if (in.depth % k.depth || in.height % k.height || in.width % k.width) return {0, 0, 0};
        return {in.depth / k.depth, in.height / k.height, in.width / k.width};
    }
    std::string misfit(const Size3& input) const override {
        return "cannot halve " + to_string(input);
    }
    Interval input_needed(const Layer& layer, Axis axis, const Interval& output,
                          std::int64_t) const override {
        return {output.first * layer.kernel.*axis, output.last * layer.kernel.*axis};
    }

    // Backward looks for the maximum in the input.
    LayerMemory memory(const Site&) const override { return {.keeps_output = true}; }

    void forward(Pass& pass, const Layer& layer) const override {
        pass.table().max_pool_forward(pass.context, layer.kernel, pass.activation(layer.inputs[0]),
                                      pass.activation(layer.output));
    }
    void backward(TrainingPass& pass, const Layer& layer) const override {
        const kernels::ConstAnyView input = pass.activation(layer.inputs[0]);
        pass.table().max_pool_backward(pass.context, layer.kernel, input,
                                       pass.activation(layer.output), pass.gradient(layer.output),
                                       pass.target(layer.inputs[0], input.size));
    }
};

constexpr MaxPool type;

}  // namespace

const LayerType& layers::max_pool = type;

}  // namespace unet::nn
