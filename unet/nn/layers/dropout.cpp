#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

/// Sets values to 0 by chance, in place; in a prediction it does nothing.
class Dropout final : public LayerType {
public:
    std::string text(const Layer&) const override { return "dropout"; }

    Tensor output(const Layer& layer, const Tensor& input) const override {
        Tensor tensor = input;
        tensor.gradient_scale = 1.0 / (1.0 - layer.dropout);
        return tensor;
    }

    LayerMemory memory(const Site& site) const override {
        return {.in_place = true, .gradient_in_place = true, .idle = site.mode == Mode::inference};
    }

    void forward(Pass&, const Layer&) const override {}
    void forward_training(TrainingPass& pass, const Layer& layer) const override {
        const auto level = static_cast<std::uint32_t>(pass.network.tensors[layer.output].level);
        pass.table().dropout_forward(
            pass.context,
            {.probability = layer.dropout, .seed = pass.seed, .step = pass.step, .layer = level},
            pass.activation(layer.output));
    }
    // What was dropped is 0, as what a ReLU held back: target() lets the gradient through.
    void backward(TrainingPass&, const Layer&) const override {}
};

constexpr Dropout type;

}  // namespace

const LayerType& layers::dropout = type;

}  // namespace unet::nn
