#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

/// A layer's parameters in file order: weight is the scale, bias the shift.
enum Parameter : std::size_t { weight, bias, running_mean, running_variance };

/// Batch normalisation with its ReLU: statistics of the batch in training, running ones otherwise.
class BatchNorm final : public LayerType {
public:
    std::string text(const Layer&) const override { return "batch norm"; }

    std::vector<ParameterInfo> parameters(const Layer&,
                                          const std::vector<std::int64_t>& in) const override {
        return {{.name = "weight", .shape = in, .initial = 1.0f},
                {.name = "bias", .shape = in},
                {.name = "running_mean", .shape = in, .trained = false},
                {.name = "running_var", .shape = in, .trained = false, .initial = 1.0f}};
    }

    LayerMemory memory(const Site& site) const override {
        const bool training = site.mode == Mode::training;
        const std::int64_t blocks = site.in_blocks();
        return {.in_place = !training,
                .gradient_in_place = true,
                .kept = training
                            ? 2 * blocks * site.backend.channel_block * std::int64_t(sizeof(float))
                            : 0,
                .workspace = site.backend.kernels->batch_norm_workspace(
                    blocks, site.batch, site.sizes[site.layer.output])};
    }

    void forward(Pass& pass, const Layer& layer) const override {
        pass.table().batch_norm_apply(pass.context, pass.activation(layer.inputs[0]),
                                      {.scale = pass.values(layer, weight),
                                       .shift = pass.values(layer, bias),
                                       .running_mean = pass.values(layer, running_mean),
                                       .running_variance = pass.values(layer, running_variance)},
                                      layer.relu, pass.activation(layer.output));
    }
    void forward_training(TrainingPass& pass, const Layer& layer) const override {
        pass.table().batch_norm_forward(pass.context, pass.activation(layer.inputs[0]),
                                        with_statistics(pass, layer), layer.relu,
                                        pass.activation(layer.output));
    }
    void backward(TrainingPass& pass, const Layer& layer) const override {
        pass.table().batch_norm_backward(pass.context, pass.activation(layer.inputs[0]),
                                         with_statistics(pass, layer), pass.gradient(layer.output),
                                         pass.grad_parameter(layer, weight),
                                         pass.grad_parameter(layer, bias));
    }

private:
    static kernels::BatchNormParameters with_statistics(TrainingPass& pass, const Layer& layer) {
        float* mean = pass.kept(layer);
        const std::int64_t blocks = pass.backend.blocks(pass.activation(layer.output).channels);
        return {.scale = pass.values(layer, weight),
                .shift = pass.values(layer, bias),
                .running_mean = pass.running(layer, running_mean),
                .running_variance = pass.running(layer, running_variance),
                .mean = mean,
                .inverse_std = mean + blocks * pass.backend.channel_block};
    }
};

constexpr BatchNorm type;

}  // namespace

const LayerType& layers::batch_norm = type;

std::vector<NamedTensor> fold_batch_norm(const Network& network, std::vector<NamedTensor> tensors) {
    if (network.options.norm == Norm::none) return tensors;
    const auto take = [&](const Layer& layer, std::size_t which) {
        const std::string& name = network.parameters[layer.parameters[which]].name;
        const auto found = std::find_if(tensors.begin(), tensors.end(),
                                        [&](const NamedTensor& t) { return t.name == name; });
        if (found == tensors.end())
            fail(ErrorCode::shape_mismatch, "the tensor '{}' is missing", name);
        return std::move(*found);
    };
    const auto is_norm = [&](std::size_t l) {
        return l < network.layers.size() && network.layers[l].type == &layers::batch_norm;
    };
    std::vector<NamedTensor> folded;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
        const Layer& layer = network.layers[l];
        if (is_norm(l) || layer.parameters.empty()) continue;
        folded.push_back(take(layer, 0));
        if (!is_norm(l + 1)) {
            folded.push_back(take(layer, 1));
            continue;
        }
        const Layer& norm = network.layers[l + 1];
        const NamedTensor scale = take(norm, weight), shift = take(norm, bias);
        const NamedTensor mean = take(norm, running_mean), variance = take(norm, running_variance);
        std::vector<float>& weights = folded.back().values;
        NamedTensor folded_bias{layer.name + ".bias", scale.shape, shift.values};
        const std::size_t channels = scale.values.size(), per_channel = weights.size() / channels;
        for (std::size_t c = 0; c < channels; ++c) {
            const double factor = scale.values[c] / sqrt_of(double(variance.values[c]) +
                                                            double(kernels::batch_norm_epsilon));
            folded_bias.values[c] = static_cast<float>(shift.values[c] - factor * mean.values[c]);
            for (std::size_t k = 0; k < per_channel; ++k) {
                float& w = weights[c * per_channel + k];
                w = static_cast<float>(w * factor);
            }
        }
        folded.push_back(std::move(folded_bias));
    }
    return folded;
}

}  // namespace unet::nn
