#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "unet/check/cases.h"

namespace unet {

/// A connected piece of one id; what is one through the slices of a stack counts as one.
struct Piece {
    std::uint32_t id = 0;
    std::uint32_t component = 0;  ///< its number, in raster order of first pixels
    std::int64_t pixels = 0, first = 0;
    std::int64_t top = 0, left = 0, bottom = 0, right = 0;  ///< of its box, inclusive
    std::int64_t slice = 0;                                 ///< the first it is in
    bool at_edge = false;
};

/// The pieces of every object of a map.
struct Pieces {
    std::map<std::uint32_t, std::vector<Piece>> by_id;  ///< the largest first
    LabelMap components;
};

/// Pieces are 8-connected in a slice, 26-connected in a stack.
Pieces pieces_of(const LabelMap& labels, const CheckedSet& set);

/// Pixels below which a piece is a speck: a part of the map's median object.
std::int64_t speck_limit(const Pieces& pieces);
/// What the image's edge cuts may be small and is none.
bool is_speck(const Piece& piece, std::int64_t limit);

}  // namespace unet
