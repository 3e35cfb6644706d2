#include "unet/nn/reach.h"

#include <algorithm>
#include <vector>

#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

void widen(Interval& interval, const Interval& by) {
    if (interval.first == interval.last) {
        interval = by;
        return;
    }
    interval.first = std::min(interval.first, by.first);
    interval.last = std::max(interval.last, by.last);
}

/// A size that fits the network and is large against its context: only differences matter.
std::vector<Size3> large_sizes(const Network& network) {
    const std::int64_t step = downsampling_of(network.options).height;
    const std::int64_t context = context_of(network.options).height;
    std::int64_t edge = 64 * step + 2 * context;
    if (network.options.padding ==
        Padding::valid)  // outputs lie `2 n` beyond a multiple of the step
        edge += 2 * network.options.convolutions % step;
    return tensor_sizes(network, {1, edge, edge});
}

}  // namespace

Interval Interval::on_grid(std::int64_t step) const {
    const auto above = [&](std::int64_t value) { return ((value % step) + step) % step; };
    return {first - above(first), last + above(-last)};
}

Interval input_needed(const Network& network, const Interval& output, std::int64_t footprint,
                      Axis axis) {
    const auto sizes =
        network.options.padding == Padding::valid ? large_sizes(network) : std::vector<Size3>();
    std::vector<Interval> needed(network.tensors.size());
    needed[network.logits()] = output;
    for (std::size_t l = network.layers.size(); l-- > 0;) {
        const Layer& layer = network.layers[l];
        const Interval in = layer.type->input_needed(layer, axis, needed[layer.output], footprint);
        for (const int input : layer.inputs) {
            // The skip is cropped around its centre.
            const std::int64_t crop =
                sizes.empty() ? 0 : (sizes[input].*axis - sizes[layer.inputs[0]].*axis) / 2;
            widen(needed[input], {in.first + crop, in.last + crop});
        }
    }
    return needed[0];
}

}  // namespace unet::nn
