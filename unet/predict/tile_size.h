#pragma once

#include <cstdint>

#include "unet/core/shape.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tiling.h"

namespace unet::predict {

/// Memory that tiles take unless the caller says otherwise: a quarter of what is free now, at most
/// 1 GiB (more saves little: the share of context in a tile shrinks slowly), at least 64 MiB.
std::int64_t default_tile_memory();

/// The tiling of a picture with cores of `edge` pixels; `edge` = 0 takes the largest tiles whose
/// bytes stay within `memory`, or the smallest there are if none does. Tiles are a slice deep.
/// What `source` keeps while tiles are read counts, too, where there is one.
Tiling choose_tiling(const TileNetwork& network, const Size3& picture, std::int64_t out_channels,
                     std::int64_t edge, std::int64_t memory, const RegionSource* source = nullptr);

}  // namespace unet::predict
