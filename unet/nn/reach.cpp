#include "unet/nn/reach.h"

#include <algorithm>
#include <vector>

namespace unet::nn {
namespace {

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
    return value - ((value % step) + step) % step;
}
std::int64_t ceil_to(std::int64_t value, std::int64_t step) {
    return floor_to(value + step - 1, step);
}

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

Interval input_needed(const Network& network, const Interval& output, std::int64_t footprint) {
    const auto sizes =
        network.options.padding == Padding::valid ? large_sizes(network) : std::vector<Size3>();
    std::vector<Interval> needed(network.tensors.size());
    needed[static_cast<std::size_t>(network.logits())] = output;
    for (std::size_t l = network.layers.size(); l-- > 0;) {
        const Layer& layer = network.layers[l];
        Interval in = needed[static_cast<std::size_t>(layer.output)];
        const std::int64_t kernel = layer.kernel.height, padding = layer.padding.height;
        switch (layer.kind) {
            case LayerKind::convolution:
                if (kernel > 1) in = {floor_to(in.first, footprint), ceil_to(in.last, footprint)};
                in = {in.first - padding, in.last - padding + kernel - 1};
                break;
            case LayerKind::up_convolution:
                in = {floor_to(in.first, kernel) / kernel, ceil_to(in.last, kernel) / kernel};
                break;
            case LayerKind::max_pool:
                in = {in.first * kernel, in.last * kernel};
                break;
            case LayerKind::batch_norm:
            case LayerKind::dropout:
                break;
        }
        for (const int input : layer.inputs) {
            const auto index = static_cast<std::size_t>(input);
            // The skip is cropped around its centre.
            const std::int64_t crop =
                sizes.empty() ? 0
                              : (sizes[index].height -
                                 sizes[static_cast<std::size_t>(layer.inputs[0])].height) /
                                    2;
            widen(needed[index], {in.first + crop, in.last + crop});
        }
    }
    return needed[0];
}

}  // namespace unet::nn
