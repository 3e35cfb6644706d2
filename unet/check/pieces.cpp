#include "unet/check/pieces.h"

#include <algorithm>

#include "unet/core/quantiles.h"
#include "unet/objects/components.h"

namespace unet {
namespace {

// A speck is less than 1/25 of the map's median object: a fifth of its diameter.
constexpr std::int64_t speck_part = 25;
constexpr std::int64_t least_speck = 3, most_speck = 30;  // pixels

}  // namespace

Pieces pieces_of(const LabelMap& labels, const CheckedSet& set) {
    LabelMap objects{labels.size, labels.values, {}};
    for (std::uint32_t& value : objects.values)
        if (!set.is_object(value)) value = 0;
    Pieces pieces{{}, connected_components(objects, Connectivity::twenty_six)};
    const std::int64_t width = labels.size.width, height = labels.size.height;
    std::vector<Piece> list;
    for (std::size_t i = 0; i < labels.values.size(); ++i) {
        const std::uint32_t component = pieces.components.values[i];
        if (component == 0) continue;
        const auto pixel = static_cast<std::int64_t>(i);
        const std::int64_t y = pixel / width % height, x = pixel % width;
        if (component > list.size())  // numbered in raster order: the next one
            list.push_back(
                {labels.values[i], component, 0, pixel, y, x, y, x, pixel / (width * height)});
        Piece& piece = list[component - 1];
        ++piece.pixels;
        piece.top = std::min(piece.top, y);
        piece.left = std::min(piece.left, x);
        piece.bottom = std::max(piece.bottom, y);
        piece.right = std::max(piece.right, x);
        piece.at_edge = piece.at_edge || y == 0 || x == 0 || y == height - 1 || x == width - 1;
    }
    for (const Piece& piece : list) pieces.by_id[piece.id].push_back(piece);
    for (auto& [unused, of_id] : pieces.by_id)
        std::stable_sort(of_id.begin(), of_id.end(),
                         [](const Piece& a, const Piece& b) { return a.pixels > b.pixels; });
    return pieces;
}

std::int64_t speck_limit(const Pieces& pieces) {
    std::vector<std::int64_t> sizes;
    for (const auto& [unused, list] : pieces.by_id) sizes.push_back(list[0].pixels);
    if (sizes.empty()) return 0;
    return std::clamp(upper_median(std::span(sizes)) / speck_part, least_speck, most_speck);
}

bool is_speck(const Piece& piece, std::int64_t limit) {
    return piece.pixels < limit && !piece.at_edge;
}

}  // namespace unet
