#include "unet/predict/planner.h"

#include <algorithm>

#include "unet/nn/network.h"
#include "unet/predict/magnified.h"

namespace unet::predict {

bool one_channel(PredictionKind kind) {
    return kind == PredictionKind::labels || kind == PredictionKind::objects;
}

std::int64_t PlannedImage::window_bytes(std::int64_t rows) const {
    if (!source) return 0;
    return magnified ? MagnifiedSource::bytes(*source, size, rows) : source->window_bytes(rows);
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
std::int64_t Planner::beside(const Tiling& tiling, const PlannedImage& image,
                             const Footprint& sink) const {
    if (wishes_.averages) return 0;
    const std::int64_t rows = std::min(tiling.window().height, tiling.image().height);
    return image.window_bytes(rows) + sink.window_bytes(tiling.core());
}

/// What predicting takes beside the tiles.
std::int64_t Planner::beside_tiles(const PlannedImage& planned, const Footprint& sink) const {
    if (!wishes_.averages) return wishes_.scratch;
    const Size3& image = planned.size;
    const std::int64_t bytes = wishes_.scratch + planned.window_bytes(image.height) +
                               sink.window_bytes({1, image.height, image.width});
    std::int64_t largest_view = 0;
    for (const View& view : views_)
        largest_view = std::max(largest_view, view.size_of(image).elements());
    const std::int64_t in = prepared_.model().network.in_channels;
    const std::int64_t floats = in * image.height * image.width + (in + classes()) * largest_view;
    return bytes + floats * static_cast<std::int64_t>(sizeof(float)) +
           ViewSums::bytes(image, classes());
}

Cut Planner::cut_for(const PlannedImage& image, PredictionKind kind, std::int64_t memory,
                     const Footprint& sink) const {
    const auto kept = [&](const Tiling& tiling) { return beside(tiling, image, sink); };
    Cut result{.image = image.size, .kind = kind};
    for (const View& view : views_) {
        const Size3 size = wishes_.averages ? view.size_of(image.size) : image.size;
        result.tilings.push_back(
            choose_tiling(network_, size, tile_channels(kind), wishes_.tile, memory, kept));
        result.tiles += result.tilings.back().count() * (wishes_.averages ? image.size.depth : 1);
    }
    return result;
}

std::int64_t Planner::bytes(const Cut& cut, const PlannedImage& image,
                            const Footprint& sink) const {
    std::int64_t tiles = 0;
    for (const Tiling& tiling : cut.tilings)
        tiles = std::max(
            tiles, network_.bytes(tiling, tile_channels(cut.kind)) + beside(tiling, image, sink));
    return tiles + beside_tiles(image, sink);
}

std::int64_t Planner::network_bytes(const Cut& cut) const {
    std::int64_t bytes = 0;
    for (const Tiling& tiling : cut.tilings)
        bytes = std::max(bytes, network_.bytes(tiling, tile_channels(cut.kind)));
    return bytes;
}

std::int64_t Planner::free_bytes(const Size3& size, PredictionKind kind) const {
    const PlannedImage image{size};
    const Footprint nothing;
    return bytes(cut_for(image, kind, wishes_.memory, nothing), image, nothing);
}

std::int64_t Planner::least_bytes(const PlannedImage& image, PredictionKind kind,
                                  const Footprint& sink) const {
    return bytes(cut_for(image, kind, 1, sink), image, sink);
}

Cut Planner::best(const PlannedImage& image, PredictionKind kind, const Footprint& sink) const {
    // Without a limit tiles depend on nothing but the size, so that they are cut once.
    if (limit_ == 0) return cut_for({image.size}, kind, wishes_.memory, {});
    const std::int64_t rest = limit_ - beside_tiles(image, sink);
    return cut_for(image, kind, std::max<std::int64_t>(rest, 1), sink);
}

PredictionPlan Planner::describe(const Cut& cut, const PlannedImage& image,
                                 const Footprint& sink) const {
    const Tiling& tiling = cut.tilings.front();
    const bool whole = std::all_of(cut.tilings.begin(), cut.tilings.end(), [&](const Tiling& each) {
        return each.count() == each.image().depth;
    });
    PredictionPlan plan{.tile = tiling.asked_core().height,
                        .core = tiling.core(),
                        .window = tiling.window(),
                        .halo = whole ? 0 : nn::context_of(network_.network().options).width,
                        .tiles = cut.tiles,
                        .bytes = bytes(cut, image, sink),
                        .network_bytes = network_bytes(cut)};
    for (const Tiling& each : cut.tilings)
        plan.pixels += static_cast<double>(each.count()) *
                       static_cast<double>(each.window().elements()) *
                       static_cast<double>(wishes_.averages ? cut.image.depth : 1);
    return plan;
}

}  // namespace unet::predict
