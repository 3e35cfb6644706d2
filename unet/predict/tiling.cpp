#include "unet/predict/tiling.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/nn/reach.h"

namespace unet::predict {
namespace {

TileRule rule_of(const nn::Network& network, std::int64_t footprint) {
    const UNetOptions& options = network.options;
    TileRule rule;
    rule.step = nn::downsampling_of(options).width;
    rule.grid = footprint * rule.step;
    if (options.padding == Padding::valid) {
        rule.margin = nn::context_of(options).width;
        // Five levels of two convolutions give outputs 16 k + 4, such as 388.
        rule.slack = 2 * options.convolutions % rule.step;
    }
    const nn::Interval seen = nn::input_needed(network, {0, rule.grid}, footprint);
    rule.before = rule.margin + round_up(-seen.first, rule.grid);
    rule.after = seen.last - rule.grid - rule.margin;
    return rule;
}

}  // namespace

std::array<TileRule, 3> tile_rules(const nn::Network& network, std::int64_t footprint) {
    const TileRule rule = rule_of(network, footprint);
    return {TileRule{}, rule, rule};  // nothing is convolved along depth
}

AxisCut cut_axis(std::int64_t length, std::int64_t core, const TileRule& rule) {
    if (length < 1 || core < 1)
        fail(ErrorCode::invalid_argument,
             "tiling: found an axis of {} pixels and cores of {}, expected both from 1 up", length,
             core);
    const std::int64_t whole = rule.slack +
                               round_up(std::max<std::int64_t>(0, length - rule.slack), rule.step) +
                               2 * rule.margin;
    // A window is `stride` and what stands around a core, and ends on the same phase of the grid as
    // the whole, so that the last one ends where the whole does.
    std::int64_t around = rule.before + rule.after;
    around += (whole % rule.grid - around % rule.grid + rule.grid) % rule.grid;
    const std::int64_t rest = std::max<std::int64_t>(0, whole - around);
    const std::int64_t most = round_up(core, rule.grid);
    const std::int64_t count = std::max<std::int64_t>(1, (rest + most - 1) / most);
    const std::int64_t stride = round_up((rest + count - 1) / count, rule.grid);

    AxisCut cut;
    cut.window = count == 1 ? whole : stride + around;
    for (std::int64_t k = 0, next = 0; next < length; ++k) {
        const std::int64_t end =
            k + 1 < count ? std::min(length, (k + 1) * stride + rule.before - rule.margin) : length;
        cut.tiles.push_back(
            {next, end - next, std::min(k * stride, whole - cut.window) - rule.margin});
        next = end;
    }
    return cut;
}

Tiling::Tiling(const Size3& image, const Size3& core, const std::array<TileRule, 3>& rules)
    : image_(image),
      asked_core_(core),
      rules_(rules),
      axes_{cut_axis(image.depth, core.depth, rules[0]),
            cut_axis(image.height, core.height, rules[1]),
            cut_axis(image.width, core.width, rules[2])} {}

Size3 Tiling::window() const { return {axes_[0].window, axes_[1].window, axes_[2].window}; }

Size3 Tiling::core() const {
    const auto longest = [](const AxisCut& axis) {
        std::int64_t length = 0;
        for (const AxisTile& tile : axis.tiles) length = std::max(length, tile.length);
        return length;
    };
    return {longest(axes_[0]), longest(axes_[1]), longest(axes_[2])};
}

std::int64_t Tiling::count() const {
    return std::ssize(axes_[0].tiles) * std::ssize(axes_[1].tiles) * std::ssize(axes_[2].tiles);
}

Tile Tiling::tile(std::int64_t index) const {
    const std::int64_t columns = std::ssize(axes_[2].tiles), rows = std::ssize(axes_[1].tiles);
    const AxisTile& x = axes_[2].tiles[index % columns];
    const AxisTile& y = axes_[1].tiles[index / columns % rows];
    const AxisTile& z = axes_[0].tiles[index / columns / rows];
    // The first pixel of a valid network's output is the one a margin inside its input.
    return {{z.core, y.core, x.core, {z.length, y.length, x.length}},
            z.window,
            y.window,
            x.window,
            z.core - z.window - rules_[0].margin,
            y.core - y.window - rules_[1].margin,
            x.core - x.window - rules_[2].margin};
}

}  // namespace unet::predict
