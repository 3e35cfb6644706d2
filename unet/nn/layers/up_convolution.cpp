#include <fmt/format.h>

#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

/// Each input pixel becomes a window of output pixels; windows do not overlap.
class UpConvolution final : public LayerType {
public:
    std::string text(const Layer& layer) const override {
        return fmt::format("{0}x{0} up-convolution", layer.kernel.width);
    }
    // Every output value is a sum over the input channels alone: one tap reaches it.
    std::int64_t taps(const Layer&) const override { return 1; }
    std::string algorithm(const Layer&, std::int64_t, const kernels::KernelTable&) const override {
        return "direct";
    }

    Tensor output(const Layer& layer, const Tensor& input) const override {
        return {.channels = layer.channels, .level = input.level - 1, .relu = layer.relu};
    }
    std::vector<ParameterInfo> parameters(const Layer& layer,
                                          const std::vector<std::int64_t>& in) const override {
        return {{.name = "weight",
                 .shape = {in[0], layer.channels, layer.kernel.height, layer.kernel.width},
                 .fan_in = in[0] * taps(layer),
                 .input_segments = in,
                 .transposed = true},
                {.name = "bias", .shape = {layer.channels}}};
    }
    Size3 output_size(const Layer& layer, const Size3& in) const override {
        const Size3& k = layer.kernel;
        return {in.depth * k.depth, in.height * k.height, in.width * k.width};
    }
    Interval input_needed(const Layer& layer, Axis axis, const Interval& output,
                          std::int64_t) const override {
        const std::int64_t step = layer.kernel.*axis;
        const Interval whole = output.on_grid(step);
        return {whole.first / step, whole.last / step};
    }

    LayerMemory memory(const Site& site) const override {
        if (site.mode == Mode::inference) return {};
        const Layer& layer = site.layer;
        return {.workspace = site.backend.kernels->up_convolution_workspace(
                    layer.kernel, site.in_blocks(), site.blocks(layer.output), site.batch,
                    site.sizes[layer.inputs[0]])};
    }

    void forward(Pass& pass, const Layer& layer) const override {
        pass.table().up_convolution_forward(
            pass.context, layer.kernel, pass.activation(layer.inputs[0]), pass.weight(layer),
            pass.values(layer, 1), layer.relu, pass.activation(layer.output));
    }
    void backward(TrainingPass& pass, const Layer& layer) const override {
        const kernels::ConstAnyView input = pass.activation(layer.inputs[0]);
        const kernels::ConstAnyView grad_output = pass.gradient(layer.output);
        pass.table().up_convolution_backward_weights(pass.context, layer.kernel, input, grad_output,
                                                     pass.grad_parameter(layer, 0),
                                                     pass.grad_parameter(layer, 1));
        pass.table().up_convolution_backward_data(pass.context, layer.kernel, grad_output,
                                                  pass.weight(layer),
                                                  pass.target(layer.inputs[0], input.size));
    }
};

constexpr UpConvolution type;

}  // namespace

const LayerType& layers::up_convolution = type;

}  // namespace unet::nn
