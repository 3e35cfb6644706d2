#pragma once

#include <cstdint>

#include "unet/predict/planner.h"
#include "unet/predict/tile_store.h"

namespace unet::predict {

/// A part of a row of tiles, or of slices, counted from 1.
struct Share {
    std::int64_t number = 1, of = 1;
    std::int64_t begin(std::int64_t count) const { return (number - 1) * count / of; }
    std::int64_t end(std::int64_t count) const { return number * count / of; }
};

/// Tiles of an image of size `shown` (with averaging: slices) that `store` lacks.
std::int64_t missing_tiles(const TileStore& store, const Cut& cut, const Size3& shown,
                           bool averages);

}  // namespace unet::predict
