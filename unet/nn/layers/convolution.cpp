#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

using kernels::AnyView;
using kernels::ConstAnyView;
using ConvolutionCall = kernels::AnyConvolutionCall;
using Concat = kernels::AnyConcat;

kernels::ConvolutionGeometry geometry_of(const Layer& layer) {
    return {layer.kernel, layer.padding};
}

/// What the kernels are asked to do, between tensors.
kernels::ConvolutionShape shape_of(const Site& site) {
    kernels::ConvolutionShape shape{.geometry = geometry_of(site.layer),
                                    .out = site.channels(site.layer.output)};
    for (std::size_t k = 0; k < site.layer.inputs.size(); ++k)
        shape.in[k] = site.channels(site.layer.inputs[k]);
    return shape;
}

ConvolutionCall call_of(const Pass& pass, const Layer& layer, const ConvolutionCall::Source& source,
                        const ConvolutionCall::Target& target) {
    return {.geometry = geometry_of(layer),
            .source = source,
            .weight = pass.weight(layer),
            .bias = pass.values(layer, 1),
            .relu = layer.relu,
            .target = target};
}

void convolve(Pass& pass, const Layer& layer, const ConvolutionCall::Source& source,
              const ConvolutionCall::Target& target) {
    pass.table().convolve(pass.context, call_of(pass, layer, source, target));
}

constexpr Size3 nothing{0, 0, 0};

/// Rows that the output has fewer than the input.
std::int64_t rows_lost(const Layer& layer) {
    return layer.kernel.height - 1 - 2 * layer.padding.height;
}

/// A band of rows of a tensor at the network's ends: small enough for a cache, and a multiple of
/// the kernels' footprint, so that bands leave no seam.
Size3 band_of(const Site& site, int tensor, std::int64_t more_rows) {
    constexpr std::int64_t band_bytes = 4 << 20, least_rows = 8;
    Size3 size = site.sizes[tensor];
    const std::int64_t row =
        site.batch * size.depth * size.width * site.blocks(tensor) * site.backend.pixel_bytes;
    const std::int64_t rows =
        round_up(std::max(least_rows, band_bytes / row), site.backend.kernels->footprint);
    size.height = std::min(size.height, rows + more_rows);
    return size;
}

/// The rows [first, first + count) of an image, or fewer at its end.
template <class V>
V rows_of(V v, std::int64_t first, std::int64_t count) {
    v.data += first * v.row_stride;
    v.size.height = std::min(count, v.size.height - first);
    return v;
}

/// Convolution with bias and ReLU, of one tensor or of two that it reads as one. In a prediction it
/// pools its result where the kernels know how, and at the network's ends it reads or writes the
/// host's layout: in the kernels' own a grey image is 16 times as large, and so are the logits of
/// few classes.
class Convolution final : public LayerType {
public:
    std::string text(const Layer& layer) const override {
        return fmt::format("{0}x{0} convolution", layer.kernel.width);
    }
    std::int64_t taps(const Layer& layer) const override { return layer.kernel.elements(); }
    std::string algorithm(const Layer& layer, std::int64_t in_channels,
                          const kernels::KernelTable& table) const override {
        return table.convolution({.geometry = geometry_of(layer), .in = {in_channels}})->name;
    }

    std::vector<ParameterInfo> parameters(const Layer& layer,
                                          const std::vector<std::int64_t>& in) const override {
        const auto channels = std::accumulate(in.begin(), in.end(), std::int64_t{0});
        std::vector<ParameterInfo> list{
            {.name = "weight",
             .shape = {layer.channels, channels, layer.kernel.height, layer.kernel.width},
             .fan_in = channels * taps(layer),
             .input_segments = in}};
        if (layer.bias) list.push_back({.name = "bias", .shape = {layer.channels}});
        return list;
    }
    Size3 output_size(const Layer& layer, const Size3& in) const override {
        const Size3 &k = layer.kernel, &p = layer.padding;
        return {in.depth + 2 * p.depth - k.depth + 1, in.height + 2 * p.height - k.height + 1,
                in.width + 2 * p.width - k.width + 1};
    }
    Interval input_needed(const Layer& layer, Axis axis, const Interval& output,
                          std::int64_t footprint) const override {
        const std::int64_t kernel = layer.kernel.*axis, padding = layer.padding.*axis;
        const Interval whole = kernel > 1 ? output.on_grid(footprint) : output;
        return {whole.first - padding, whole.last - padding + kernel - 1};
    }

    LayerMemory memory(const Site& site) const override {
        const Layer& layer = site.layer;
        const kernels::KernelTable& table = *site.backend.kernels;
        const int input = layer.inputs[0], output = layer.output;
        const Size3 &k = layer.kernel, &p = layer.padding;
        const kernels::ConvolutionShape shape = shape_of(site);
        kernels::ConvolutionShape from_host = shape, to_host = shape;
        from_host.planar_source = to_host.planar_target = true;
        return {.input_frame = p,
                .gradient_frame = {k.depth - 1 - p.depth, k.height - 1 - p.height,
                                   k.width - 1 - p.width},
                .workspace = table.convolution_workspace(shape, site.batch, site.sizes[output],
                                                         site.mode == Mode::training),
                .stored_input =
                    table.convolution(from_host) ? nothing : band_of(site, input, rows_lost(layer)),
                .stored_output = table.convolution(to_host) ? nothing : band_of(site, output, 0)};
    }
    bool absorbs(const Site& site, const Layer& next) const override {
        kernels::ConvolutionShape both = shape_of(site);
        both.pool = next.kernel;
        return site.layer.relu && next.type == &layers::max_pool &&
               site.backend.kernels->convolution(both);
    }

    void forward(Pass& pass, const Layer& layer) const override {
        convolve(pass, layer, pass.inputs(layer), pass.activation(layer.output));
    }

    /// What is stored of its own output is what the skip connection reads.
    void forward_both(Pass& pass, const Layer& layer, const Layer& pool) const override {
        auto call = call_of(pass, layer, pass.inputs(layer), pass.activation(layer.output));
        call.pool = pool.kernel;
        call.pooled = pass.activation(pool.output);
        pass.table().convolve(pass.context, call);
    }

    void forward_from_host(Pass& pass, const Layer& layer, const float* images) const override {
        const int input = layer.inputs[0];
        const AnyView held = pass.activation(input), whole = pass.activation(layer.output);
        if (held.size == nothing)
            return convolve(pass, layer, kernels::ConstPlanar{images, pass.plan.input}, whole);
        pass.clear_frame(input);
        const std::int64_t band = held.size.height - rows_lost(layer);
        const std::int64_t above = layer.padding.height;
        for (std::int64_t y = 0; y < whole.size.height; y += band) {
            const AnyView output = rows_of(whole, y, band);
            const AnyView read = rows_of(held, 0, output.size.height + rows_lost(layer));
            AnyView filled = read;  // with the rows above and below, which are frame or image
            filled.data -= above * filled.row_stride;
            filled.size.height += 2 * above;
            pass.table().from_planar(pass.context, images, {y - above, pass.plan.input.height},
                                     filled);
            convolve(pass, layer, Concat{{read, {}}, 1}, output);
        }
    }

    void forward_to_host(Pass& pass, const Layer& layer, float* logits) const override {
        const ConstAnyView whole = pass.activation(layer.inputs[0]);
        const AnyView held = pass.activation(layer.output);
        if (held.size == nothing) {
            return convolve(pass, layer, Concat{{whole, {}}, 1},
                            kernels::Planar{logits, pass.plan.output});
        }
        for (std::int64_t y = 0; y < whole.size.height; y += held.size.height) {
            const ConstAnyView input = rows_of(whole, y, held.size.height);
            const AnyView band = rows_of(held, 0, input.size.height);
            convolve(pass, layer, Concat{{input, {}}, 1}, band);
            pass.table().to_planar(pass.context, band, {y, pass.plan.output.height}, logits);
        }
    }

    void backward(TrainingPass& pass, const Layer& layer) const override {
        const Concat input = pass.inputs(layer);
        const ConstAnyView grad_output = pass.gradient(layer.output);
        pass.table().convolution_backward_weights(pass.context, geometry_of(layer), input,
                                                  grad_output, pass.grad_parameter(layer, 0),
                                                  pass.grad_parameter(layer, 1));
        if (layer.inputs[0] == pass.network.input()) return;
        kernels::AnyGradientTargets targets{.parts = {}, .count = input.count};
        for (int k = 0; k < input.count; ++k)
            targets.parts[k] = pass.target(layer.inputs[k], input.parts[0].size);
        pass.table().convolution_backward_data(pass.context, geometry_of(layer), grad_output,
                                               pass.weight(layer), targets);
    }
};

constexpr Convolution type;

}  // namespace

const LayerType& layers::convolution = type;

}  // namespace unet::nn
