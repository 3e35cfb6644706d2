#include "unet/nn/network.h"

#include "unet/core/error.h"

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

    /// `count` 3x3 convolutions, each with norm (if any) and ReLU.
    int block(const std::string& name, std::vector<int> inputs, std::int64_t channels,
              std::int64_t level) {
        const UNetOptions& o = options();
        const Size3 padding = o.padding == Padding::same ? Size3{0, 1, 1} : Size3{0, 0, 0};
        int tensor = -1;
        for (std::int64_t k = 0; k < o.convolutions; ++k) {
            const bool norm = o.norm == Norm::batch;
            tensor = convolution(fmt::format("{}.conv.{}", name, k), std::move(inputs), channels,
                                 level, {1, 3, 3}, padding, !norm, !norm);
            if (norm) tensor = batch_norm(fmt::format("{}.norm.{}", name, k), tensor);
            inputs = {tensor};
        }
        return tensor;
    }

    int convolution(const std::string& name, std::vector<int> inputs, std::int64_t channels,
                    std::int64_t level, const Size3& kernel, const Size3& padding, bool bias,
                    bool relu) {
        std::vector<std::int64_t> segments;
        std::int64_t in = 0;
        for (const int input : inputs) {
            segments.push_back(network_.tensors[static_cast<std::size_t>(input)].channels);
            in += segments.back();
        }
        Layer layer{.kind = LayerKind::convolution, .name = name, .inputs = std::move(inputs)};
        layer.kernel = kernel;
        layer.padding = padding;
        layer.relu = relu;
        layer.weight = parameter({.name = name + ".weight",
                                  .shape = {channels, in, kernel.height, kernel.width},
                                  .fan_in = in * kernel.elements(),
                                  .input_segments = std::move(segments)});
        if (bias) layer.bias = parameter({.name = name + ".bias", .shape = {channels}});
        return add(std::move(layer),
                   {.name = name, .channels = channels, .level = level, .relu = relu});
    }

    int up_convolution(const std::string& name, int input, std::int64_t channels,
                       std::int64_t level) {
        const std::int64_t in = network_.tensors[static_cast<std::size_t>(input)].channels;
        Layer layer{.kind = LayerKind::up_convolution, .name = name, .inputs = {input}};
        layer.kernel = {1, 2, 2};
        layer.relu = true;
        // Every output value is a sum over the input channels alone: one tap reaches it.
        layer.weight = parameter({.name = name + ".weight",
                                  .shape = {in, channels, 2, 2},
                                  .fan_in = in,
                                  .input_segments = {in},
                                  .up_convolution = true});
        layer.bias = parameter({.name = name + ".bias", .shape = {channels}});
        return add(std::move(layer),
                   {.name = name, .channels = channels, .level = level, .relu = true});
    }

    int batch_norm(const std::string& name, int input) {
        const Tensor& in = network_.tensors[static_cast<std::size_t>(input)];
        const Tensor out{.name = name, .channels = in.channels, .level = in.level, .relu = true};
        Layer layer{.kind = LayerKind::batch_norm, .name = name, .inputs = {input}};
        layer.relu = true;
        layer.weight = parameter({.name = name + ".weight", .shape = {in.channels}});
        layer.bias = parameter({.name = name + ".bias", .shape = {in.channels}});
        layer.mean =
            parameter({.name = name + ".running_mean", .shape = {in.channels}, .trained = false});
        layer.variance =
            parameter({.name = name + ".running_var", .shape = {in.channels}, .trained = false});
        return add(std::move(layer), out);
    }

    int max_pool(const std::string& name, int input) {
        const Tensor& in = network_.tensors[static_cast<std::size_t>(input)];
        const Tensor out{.name = name, .channels = in.channels, .level = in.level + 1};
        Layer layer{.kind = LayerKind::max_pool, .name = name, .inputs = {input}};
        layer.kernel = {1, 2, 2};
        return add(std::move(layer), out);
    }

    int dropout(const std::string& name, int input) {
        Tensor out = network_.tensors[static_cast<std::size_t>(input)];
        out.name = name;
        out.dropout = true;
        return add({.kind = LayerKind::dropout, .name = name, .inputs = {input}}, out);
    }

    const UNetOptions& options() const { return network_.options; }
    Network take() { return std::move(network_); }

private:
    int parameter(ParameterInfo info) {
        network_.parameters.push_back(std::move(info));
        return static_cast<int>(network_.parameters.size()) - 1;
    }
    int add(Layer layer, const Tensor& output) {
        layer.output = static_cast<int>(network_.tensors.size());
        network_.tensors.push_back(output);
        network_.layers.push_back(std::move(layer));
        return network_.layers.back().output;
    }

    Network network_;
};

/// Size after one layer, or a size of 0 or less where it does not fit.
Size3 size_after(const Layer& layer, const Size3& in) {
    const Size3& k = layer.kernel;
    switch (layer.kind) {
        case LayerKind::convolution:
            return {in.depth + 2 * layer.padding.depth - k.depth + 1,
                    in.height + 2 * layer.padding.height - k.height + 1,
                    in.width + 2 * layer.padding.width - k.width + 1};
        case LayerKind::max_pool:
            if (in.depth % k.depth || in.height % k.height || in.width % k.width) return {0, 0, 0};
            return {in.depth / k.depth, in.height / k.height, in.width / k.width};
        case LayerKind::up_convolution:
            return {in.depth * k.depth, in.height * k.height, in.width * k.width};
        case LayerKind::batch_norm:
        case LayerKind::dropout:
            break;
    }
    return in;
}

bool positive(const Size3& s) { return s.depth > 0 && s.height > 0 && s.width > 0; }

/// All tensors' sizes; the index of the layer that does not fit, or -1.
int propagate(const Network& network, const Size3& size, std::vector<Size3>& sizes) {
    sizes.assign(network.tensors.size(), Size3{0, 0, 0});
    sizes[0] = size;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
        const Layer& layer = network.layers[l];
        const Size3 in = sizes[static_cast<std::size_t>(layer.inputs[0])];
        sizes[static_cast<std::size_t>(layer.output)] = size_after(layer, in);
        if (!positive(in) || !positive(sizes[static_cast<std::size_t>(layer.output)]))
            return static_cast<int>(l);
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
        if (level > 0) tensor = build.max_pool(name + ".pool", tensor);
        tensor = build.block(name, {tensor}, options.base_channels * bit(level), level);
        // "At the end of the contracting path": the release drops after its last two levels.
        if (options.dropout > 0.0 && level >= options.levels - 2)
            tensor = build.dropout(name + ".dropout", tensor);
        skips.push_back(tensor);
    }
    for (std::int64_t level = options.levels - 2; level >= 0; --level) {
        const std::string name = fmt::format("decoder.{}", level);
        const std::int64_t channels = options.base_channels * bit(level);
        tensor = build.up_convolution(name + ".up", tensor, channels, level);
        // Up-sampled map first, then the skip, as in the authors' release.
        tensor =
            build.block(name, {tensor, skips[static_cast<std::size_t>(level)]}, channels, level);
    }
    build.convolution("head", {tensor}, options.classes, 0, {1, 1, 1}, {0, 0, 0}, true, false);
    return build.take();
}

std::vector<Size3> tensor_sizes(const Network& network, const Size3& size) {
    std::vector<Size3> sizes;
    const int misfit = propagate(network, size, sizes);
    if (misfit < 0) return sizes;
    const Layer& layer = network.layers[static_cast<std::size_t>(misfit)];
    const std::string at = to_string(sizes[static_cast<std::size_t>(layer.inputs[0])]);
    const std::string why = layer.kind == LayerKind::max_pool
                                ? fmt::format("cannot halve {}", at)
                                : fmt::format("has nothing left of {}", at);
    if (size.height == size.width || !fits(network, size.height))
        fail(ErrorCode::shape_mismatch, "an input of {} does not fit: {} {}; a height of {} does",
             to_string(size), layer.name, why, nearest_edges(network, size.height));
    fail(ErrorCode::shape_mismatch, "an input of {} does not fit: {} {}; a width of {} does",
         to_string(size), layer.name, why, nearest_edges(network, size.width));
}

Size3 output_size(const Network& network, const Size3& size) {
    return tensor_sizes(network, size)[static_cast<std::size_t>(network.logits())];
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
