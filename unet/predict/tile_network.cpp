#include "unet/predict/tile_network.h"

#include <algorithm>
#include <bit>
#include <span>

#include "unet/core/error.h"
#include "unet/predict/mirror.h"

namespace unet::predict {
namespace {

/// The network that predicts: batch norm is part of the convolutions, dropout does nothing.
UNetOptions folded(UNetOptions options) {
    options.norm = Norm::none;
    options.dropout = 0.0;
    return options;
}

void check_finite(std::span<const NamedTensor> tensors) {
    for (const NamedTensor& tensor : tensors) {
        bool finite = true;
        for (const float value : tensor.values)
            finite &= (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) != 0x7f800000u;
        if (!finite)
            fail(ErrorCode::unsupported,
                 "the model's tensor '{}' holds numbers that are not finite; its training may have "
                 "diverged: use an earlier model",
                 tensor.name);
    }
}

std::int64_t smaller_elements(const Size3& a, const Size3& b) {
    return std::min(a.depth, b.depth) * std::min(a.height, b.height) * std::min(a.width, b.width);
}

/// Gives a vector exactly `floats` elements without holding old and new at once.
void reallocate(std::vector<float>& values, std::int64_t floats) {
    if (std::ssize(values) == floats) return;
    values = {};
    values.resize(static_cast<std::size_t>(floats));
}

}  // namespace

TileNetwork::TileNetwork(const Model& model, bool exact)
    : network_(nn::build_network(folded(model.network))),
      backend_(exact ? kernels::direct_backend(kernels::cpu_backend()) : kernels::cpu_backend()),
      parameters_(network_, backend_),
      rules_(tile_rules(network_, backend_.kernels->footprint)) {
    check_finite(model.tensors);
    if (model.network.norm == Norm::none)
        parameters_.load(model.tensors);
    else
        parameters_.load(nn::fold_batch_norm(nn::build_network(model.network), model.tensors));
}

nn::Plan TileNetwork::plan_for(const Size3& window) const {
    const Shape shape{1, network_.options.in_channels, window.depth, window.height, window.width};
    return nn::make_plan(network_, shape, nn::Mode::inference, backend_);
}

std::int64_t TileNetwork::bytes(const Tiling& tiling, std::int64_t out_channels) const {
    const nn::Plan plan = plan_for(tiling.window());
    const std::int64_t raw =
        plan.input.channels * smaller_elements(tiling.window(), tiling.picture());
    const std::int64_t floats = raw + plan.input.elements() + plan.output.elements() +
                                out_channels * tiling.core().elements();
    return plan.bytes() + floats * static_cast<std::int64_t>(sizeof(float));
}

void TileNetwork::prepare(const Tiling& tiling, std::int64_t out_channels) {
    nn::Plan plan = plan_for(tiling.window());
    const std::int64_t raw =
        plan.input.channels * smaller_elements(tiling.window(), tiling.picture());
    reallocate(raw_, raw);
    reallocate(input_, plan.input.elements());
    reallocate(logits_, plan.output.elements());
    reallocate(result_, out_channels * tiling.core().elements());
    if (executor_ && executor_->plan().input == plan.input) return;
    executor_.reset();
    executor_.emplace(network_, std::move(plan), backend_);
}

void TileNetwork::run(Context& context, RegionSource& source, const Scaling& scaling,
                      const Tile& tile) {
    const Shape& shape = executor_->plan().input;
    const Size3 size = source.size();
    const MirroredRange z = mirrored_range(tile.z, shape.depth, size.depth);
    const MirroredRange y = mirrored_range(tile.y, shape.height, size.height);
    const MirroredRange x = mirrored_range(tile.x, shape.width, size.width);
    const Region box{z.begin, y.begin, x.begin, {z.length, y.length, x.length}};
    const auto raw =
        std::span(raw_).first(static_cast<std::size_t>(shape.channels * box.size.elements()));
    source.read(box, raw);

    const bool straight = x.straight();
    parallel_for(context, shape.channels * shape.depth * shape.height, [&](std::int64_t row, int) {
        const std::int64_t c = row / (shape.depth * shape.height);
        const auto from_z = z.index[static_cast<std::size_t>(row / shape.height % shape.depth)];
        const auto from_y = y.index[static_cast<std::size_t>(row % shape.height)];
        const float* from = raw.data() + ((c * z.length + from_z) * y.length + from_y) * x.length;
        float* to = input_.data() + row * shape.width;
        if (straight)
            std::copy_n(from, shape.width, to);
        else
            for (std::size_t i = 0; i < x.index.size(); ++i) to[i] = from[x.index[i]];
        const std::size_t entry = scaling.low.size() == 1 ? 0 : static_cast<std::size_t>(c);
        normalise({to, static_cast<std::size_t>(shape.width)}, scaling.low[entry],
                  scaling.high[entry]);
    });
    executor_->forward(context, parameters_, input_, logits_);
}

LogitsRow TileNetwork::row(const Tile& tile, std::int64_t z, std::int64_t y) {
    const Shape& out = executor_->plan().output;
    float* first =
        logits_.data() + ((tile.dz + z) * out.height + tile.dy + y) * out.width + tile.dx;
    return {first, out.channels, out.size().elements(), tile.core.size.width};
}

std::span<float> TileNetwork::result(const Tile& tile, std::int64_t out_channels) {
    return std::span(result_).first(
        static_cast<std::size_t>(out_channels * tile.core.size.elements()));
}

}  // namespace unet::predict
