#include "unet/nn/network.h"

#include "unet/core/error.h"
#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

constexpr std::int64_t bit(std::int64_t level) { return std::int64_t{1} << level; }

/// Appends layers, their output tensors and their parameters, in execution order.
class Builder {
public:
    explicit Builder(const UNetOptions& options) {
        check(options);
        network_.options = options;
        network_.tensors.push_back({.name = "input", .channels = options.in_channels});
    }

    /// The index of the tensor that it writes.
    int add(Layer layer) {
        std::vector<std::int64_t> in_channels;
        for (const int input : layer.inputs)
            in_channels.push_back(network_.tensors[input].channels);
        for (ParameterInfo& info : layer.type->parameters(layer, in_channels)) {
            info.name = layer.name + "." + info.name;
            layer.parameters.push_back(static_cast<int>(network_.parameters.size()));
            network_.parameters.push_back(std::move(info));
        }
        Tensor output = layer.type->output(layer, network_.tensors[layer.inputs[0]]);
        output.name = layer.name;
        layer.output = static_cast<int>(network_.tensors.size());
        network_.tensors.push_back(std::move(output));
        network_.layers.push_back(std::move(layer));
        return network_.layers.back().output;
    }

    /// `options.convolutions` 3x3 convolutions, each with norm (if any) and ReLU.
    int block(const std::string& name, std::vector<int> inputs, std::int64_t channels) {
        const UNetOptions& o = network_.options;
        const bool norm = o.norm == Norm::batch;
        for (std::int64_t k = 0; k < o.convolutions; ++k) {
            inputs = {add({.type = &layers::convolution,
                           .name = fmt::format("{}.conv.{}", name, k),
                           .inputs = inputs,
                           .channels = channels,
                           .kernel = {1, 3, 3},
                           .padding = o.padding == Padding::same ? Size3{0, 1, 1} : Size3{0, 0, 0},
                           .bias = !norm,
                           .relu = !norm})};
            if (norm)
                inputs = {add({.type = &layers::batch_norm,
                               .name = fmt::format("{}.norm.{}", name, k),
                               .inputs = inputs,
                               .relu = true})};
        }
        return inputs[0];
    }

    Network take() { return std::move(network_); }

private:
    Network network_;
};

bool positive(const Size3& s) { return s.depth > 0 && s.height > 0 && s.width > 0; }

/// All tensors' sizes; the index of the layer that does not fit, or -1.
int propagate(const Network& network, const Size3& size, std::vector<Size3>& sizes) {
    sizes.assign(network.tensors.size(), Size3{0, 0, 0});
    sizes[0] = size;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
        const Layer& layer = network.layers[l];
        const Size3& in = sizes[layer.inputs[0]];
        sizes[layer.output] = layer.type->output_size(layer, in);
        if (!positive(in) || !positive(sizes[layer.output])) return static_cast<int>(l);
    }
    return -1;
}

bool fits(const Network& network, std::int64_t edge) {
    std::vector<Size3> sizes;
    return propagate(network, {1, edge, edge}, sizes) < 0;
}

/// Largest edge that fits at or below `edge`, and the smallest above; 0 where there is none.
std::string nearest_edges(const Network& network, std::int64_t edge) {
    std::int64_t below = edge, above = edge + 1;
    while (below > 0 && !fits(network, below)) --below;
    while (above < edge + 100000 && !fits(network, above)) ++above;
    return below > 0 ? fmt::format("{} or {}", below, above) : fmt::format("{}", above);
}

}  // namespace

std::int64_t ParameterInfo::elements() const {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) count *= extent;
    return count;
}

std::int64_t Network::parameter_count() const {
    std::int64_t count = 0;
    for (const ParameterInfo& p : parameters)
        if (p.trained) count += p.elements();
    return count;
}

Network build_network(const UNetOptions& options) {
    Builder build(options);
    std::vector<int> skips;
    int tensor = 0;
    for (std::int64_t level = 0; level < options.levels; ++level) {
        const std::string name = fmt::format("encoder.{}", level);
        if (level > 0)
            tensor = build.add({.type = &layers::max_pool,
                                .name = name + ".pool",
                                .inputs = {tensor},
                                .kernel = {1, 2, 2}});
        tensor = build.block(name, {tensor}, options.base_channels * bit(level));
        // "At the end of the contracting path": the release drops after its last two levels.
        if (options.dropout > 0.0 && level >= options.levels - 2)
            tensor = build.add({.type = &layers::dropout,
                                .name = name + ".dropout",
                                .inputs = {tensor},
                                .dropout = options.dropout});
        skips.push_back(tensor);
    }
    for (std::int64_t level = options.levels - 2; level >= 0; --level) {
        const std::string name = fmt::format("decoder.{}", level);
        const std::int64_t channels = options.base_channels * bit(level);
        tensor = build.add({.type = &layers::up_convolution,
                            .name = name + ".up",
                            .inputs = {tensor},
                            .channels = channels,
                            .kernel = {1, 2, 2},
                            .relu = true});
        // Up-sampled map first, then the skip, as in the authors' release.
        tensor = build.block(name, {tensor, skips[level]}, channels);
    }
    build.add({.type = &layers::convolution,
               .name = "head",
               .inputs = {tensor},
               .channels = options.classes});
    return build.take();
}

std::vector<Size3> tensor_sizes(const Network& network, const Size3& size) {
    std::vector<Size3> sizes;
    const int misfit = propagate(network, size, sizes);
    if (misfit < 0) return sizes;
    const Layer& layer = network.layers[misfit];
    const std::string why = layer.type->misfit(sizes[layer.inputs[0]]);
    if (size.height == size.width || !fits(network, size.height))
        fail(ErrorCode::shape_mismatch, "an input of {} does not fit: {} {}; a height of {} does",
             to_string(size), layer.name, why, nearest_edges(network, size.height));
    fail(ErrorCode::shape_mismatch, "an input of {} does not fit: {} {}; a width of {} does",
         to_string(size), layer.name, why, nearest_edges(network, size.width));
}

Size3 output_size(const Network& network, const Size3& size) {
    return tensor_sizes(network, size)[network.logits()];
}

Size3 context_of(const UNetOptions& options) {
    // Each convolution of level l reaches 2^l pixels further; the bottleneck has one side only.
    std::int64_t reach = 0;
    for (std::int64_t level = 0; level < options.levels; ++level)
        reach += options.convolutions * bit(level) * (level == options.levels - 1 ? 1 : 2);
    return {0, reach, reach};
}

Size3 receptive_field_of(const UNetOptions& options) {
    const Size3 context = context_of(options);
    return {2 * context.depth + 1, 2 * context.height + 1, 2 * context.width + 1};
}

Size3 downsampling_of(const UNetOptions& options) {
    return {1, bit(options.levels - 1), bit(options.levels - 1)};
}

}  // namespace unet::nn
