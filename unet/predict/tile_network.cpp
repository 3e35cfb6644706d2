#include "unet/predict/tile_network.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <span>
#include <utility>

namespace unet::predict {
namespace {

std::int64_t smaller_elements(const Size3& a, const Size3& b) {
    return std::min(a.depth, b.depth) * std::min(a.height, b.height) * std::min(a.width, b.width);
}

/// Gives a vector exactly `floats` elements without holding old and new at once.
void reallocate(std::vector<float>& values, std::int64_t floats) {
    if (std::ssize(values) == floats) return;
    values = {};
    values.resize(floats);
}

}  // namespace

TileNetwork::TileNetwork(std::shared_ptr<const PreparedModel> prepared)
    : prepared_(std::move(prepared)),
      rules_(tile_rules(network(), prepared_->backend().kernels->footprint)) {}

nn::Plan TileNetwork::plan_for(const Size3& window) const {
    const Shape shape{1, network().options.in_channels, window.depth, window.height, window.width};
    return nn::make_plan(network(), shape, nn::Mode::inference, prepared_->backend());
}

std::int64_t TileNetwork::bytes(const Tiling& tiling, std::int64_t out_channels) const {
    const nn::Plan plan = plan_for(tiling.window());
    const std::int64_t raw =
        plan.input.channels * smaller_elements(tiling.window(), tiling.image());
    const std::int64_t floats = raw + plan.input.elements() + plan.output.elements() +
                                out_channels * tiling.core().elements();
    return plan.bytes() + floats * static_cast<std::int64_t>(sizeof(float));
}

void TileNetwork::prepare(const Tiling& tiling, std::int64_t out_channels) {
    forget_result();
    const Needs needs{tiling.image(), tiling.window(), tiling.core(), out_channels};
    if (prepared_for_ == needs) return;
    prepared_for_ = {};  // until all is there
    nn::Plan plan = plan_for(tiling.window());
    const std::int64_t raw =
        plan.input.channels * smaller_elements(tiling.window(), tiling.image());
    reallocate(raw_, raw);
    reallocate(input_, plan.input.elements());
    reallocate(logits_, plan.output.elements());
    reallocate(result_, out_channels * tiling.core().elements());
    if (!executor_ || executor_->plan().input != plan.input) {
        executor_.reset();
        executor_.emplace(network(), std::move(plan), prepared_->backend());
    }
    prepared_for_ = needs;
}

void TileNetwork::release() {
    forget_result();
    prepared_for_ = {};
    executor_.reset();
    for (auto* values : {&raw_, &input_, &logits_, &result_}) *values = {};
}

/// Notes a window of one value in each channel; true if the last one was just that.
bool TileNetwork::repeats_blank(std::span<const float> raw, const Tile& tile) {
    const auto channels = static_cast<std::size_t>(executor_->plan().input.channels);
    const std::size_t pixels = raw.size() / channels;
    const auto bits = [](float value) { return std::bit_cast<std::uint32_t>(value); };
    for (std::size_t c = 0; c < channels; ++c) {
        const std::span<const float> channel = raw.subspan(c * pixels, pixels);
        if (!std::all_of(channel.begin(), channel.end(),
                         [&](float value) { return bits(value) == bits(channel[0]); })) {
            blank_.known = false;
            return false;
        }
    }
    const std::array place{tile.dz, tile.dy, tile.dx};
    bool same = blank_.known && blank_.core == tile.core.size && blank_.place == place;
    blank_.values.resize(channels);
    for (std::size_t c = 0; c < channels; ++c) {
        same = same && bits(blank_.values[c]) == bits(raw[c * pixels]);
        blank_.values[c] = raw[c * pixels];
    }
    blank_.known = true;
    blank_.core = tile.core.size;
    blank_.place = place;
    return same;
}

bool TileNetwork::run(Context& context, RegionSource& source, const Scaling& scaling,
                      const Tile& tile) {
    const Shape& shape = executor_->plan().input;
    const Size3 size = source.size();
    auto& [z, y, x] = ranges_;
    z.set(tile.z, shape.depth, size.depth);
    y.set(tile.y, shape.height, size.height);
    x.set(tile.x, shape.width, size.width);
    const Region box{z.begin, y.begin, x.begin, {z.length, y.length, x.length}};
    const auto raw = std::span(raw_).first(shape.channels * box.size.elements());
    source.read(box, raw);
    if (repeats_blank(raw, tile)) return false;

    const bool straight = x.straight();
    parallel_for(context, shape.channels * shape.depth * shape.height,
                 [&, &z = z, &y = y, &x = x](std::int64_t row, int) {
                     const std::int64_t c = row / (shape.depth * shape.height);
                     const auto from_z = z.index[row / shape.height % shape.depth];
                     const auto from_y = y.index[row % shape.height];
                     const float* from =
                         raw.data() + ((c * z.length + from_z) * y.length + from_y) * x.length;
                     float* to = input_.data() + row * shape.width;
                     if (straight)
                         std::copy_n(from, shape.width, to);
                     else
                         for (std::size_t i = 0; i < x.index.size(); ++i) to[i] = from[x.index[i]];
                     const std::size_t entry =
                         scaling.low.size() == 1 ? 0 : static_cast<std::size_t>(c);
                     normalise({to, static_cast<std::size_t>(shape.width)}, scaling.low[entry],
                               scaling.high[entry], scaling.clip);
                 });
    const auto start = std::chrono::steady_clock::now();
    executor_->forward(context, prepared_->parameters(), input_, logits_);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    seconds_ += took.count();
    return true;
}

LogitsRow TileNetwork::row(const Tile& tile, std::int64_t z, std::int64_t y) {
    const Shape& out = executor_->plan().output;
    float* first =
        logits_.data() + ((tile.dz + z) * out.height + tile.dy + y) * out.width + tile.dx;
    return {first, out.channels, out.size().elements(), tile.core.size.width};
}

std::span<float> TileNetwork::result(const Tile& tile, std::int64_t out_channels) {
    return std::span(result_).first(out_channels * tile.core.size.elements());
}

}  // namespace unet::predict
