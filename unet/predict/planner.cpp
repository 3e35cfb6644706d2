#include "unet/predict/planner.h"

#include <algorithm>

#include "unet/nn/network.h"

namespace unet::predict {

bool one_channel(PredictionKind kind) {
    return kind == PredictionKind::labels || kind == PredictionKind::objects;
}

Planner::Planner(const TileNetwork& network, const std::vector<View>& views,
                 const PreparedModel& prepared, const Wishes& wishes)
    : network_(network), views_(views), prepared_(prepared), wishes_(wishes) {
    if (wishes_.memory <= 0) wishes_.memory = default_tile_memory();
}

bool Planner::set_tile(std::int64_t edge) {
    const bool another = edge != wishes_.tile;
    wishes_.tile = edge;
    return another;
}

std::int64_t Planner::tile_channels(PredictionKind kind) const {
    return one_channel(kind) && !wishes_.averages ? 1 : classes();
}

/// What source and sink keep for a tiling of a view; views are read from a slice in memory and
/// written to one.
BytesBeside Planner::beside(const RegionSource* source, const SinkBytes& sink) const {
    if (wishes_.averages) return [](const Tiling&) { return std::int64_t{0}; };
    return [source, &sink](const Tiling& tiles) {
        const std::int64_t rows = std::min(tiles.window().height, tiles.picture().height);
        return (source ? source->window_bytes(rows) : 0) + (sink ? sink(tiles.core()) : 0);
    };
}

/// What predicting takes beside the tiles.
std::int64_t Planner::beside_tiles(const Size3& image, const RegionSource* source,
                                   const SinkBytes& sink) const {
    std::int64_t bytes = wishes_.scratch;
    if (!wishes_.averages) return bytes;
    if (source) bytes += source->window_bytes(image.height);
    if (sink) bytes += sink({1, image.height, image.width});
    std::int64_t largest_view = 0;
    for (const View& view : views_)
        largest_view = std::max(largest_view, view.size_of(image).elements());
    const std::int64_t in = prepared_.model().network.in_channels;
    const std::int64_t floats = in * image.height * image.width + (in + classes()) * largest_view;
    return bytes + floats * static_cast<std::int64_t>(sizeof(float)) +
           ViewSums::bytes(image, classes());
}

Cut Planner::cut_for(const Size3& image, PredictionKind kind, std::int64_t memory,
                     const RegionSource* source, const SinkBytes& sink) const {
    Cut result{.image = image, .kind = kind};
    for (const View& view : views_) {
        const Size3 size = wishes_.averages ? view.size_of(image) : image;
        result.tilings.push_back(choose_tiling(network_, size, tile_channels(kind), wishes_.tile,
                                               memory, beside(source, sink)));
        result.tiles += result.tilings.back().count() * (wishes_.averages ? image.depth : 1);
    }
    return result;
}

std::int64_t Planner::bytes(const Cut& cut, const RegionSource* source,
                            const SinkBytes& sink) const {
    const auto kept = beside(source, sink);
    std::int64_t tiles = 0;
    for (const Tiling& tiling : cut.tilings)
        tiles = std::max(tiles, network_.bytes(tiling, tile_channels(cut.kind)) + kept(tiling));
    return tiles + beside_tiles(cut.image, source, sink);
}

std::int64_t Planner::network_bytes(const Cut& cut) const {
    std::int64_t bytes = 0;
    for (const Tiling& tiling : cut.tilings)
        bytes = std::max(bytes, network_.bytes(tiling, tile_channels(cut.kind)));
    return bytes;
}

std::int64_t Planner::free_bytes(const Size3& image, PredictionKind kind) const {
    return bytes(cut_for(image, kind, wishes_.memory, nullptr, {}), nullptr, {});
}

std::int64_t Planner::least_bytes(const RegionSource& source, PredictionKind kind,
                                  const SinkBytes& sink) const {
    return bytes(cut_for(source.size(), kind, 1, &source, sink), &source, sink);
}

Cut Planner::best(const RegionSource& source, PredictionKind kind, const SinkBytes& sink) const {
    const Size3 image = source.size();
    // Without a limit tiles depend on nothing but the size, so that they are cut once.
    if (limit_ == 0) return cut_for(image, kind, wishes_.memory, nullptr, {});
    const std::int64_t rest = limit_ - beside_tiles(image, &source, sink);
    return cut_for(image, kind, std::max<std::int64_t>(rest, 1), &source, sink);
}

PredictionPlan Planner::describe(const Cut& cut, const RegionSource& source,
                                 const SinkBytes& sink) const {
    const Tiling& tiling = cut.tilings.front();
    const bool whole = std::all_of(cut.tilings.begin(), cut.tilings.end(), [&](const Tiling& each) {
        return each.count() == each.picture().depth;
    });
    PredictionPlan plan{.tile = tiling.asked_core().height,
                        .core = tiling.core(),
                        .window = tiling.window(),
                        .halo = whole ? 0 : nn::context_of(network_.network().options).width,
                        .tiles = cut.tiles,
                        .bytes = bytes(cut, &source, sink),
                        .network_bytes = network_bytes(cut)};
    for (const Tiling& each : cut.tilings)
        plan.pixels += static_cast<double>(each.count()) *
                       static_cast<double>(each.window().elements()) *
                       static_cast<double>(wishes_.averages ? cut.image.depth : 1);
    return plan;
}

}  // namespace unet::predict
