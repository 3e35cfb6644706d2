#pragma once

#include <cstdint>
#include <functional>

#include "unet/core/shape.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tiling.h"

namespace unet::predict {

/// Memory that tiles take unless the caller says otherwise: a quarter of what is free now, at most
/// 1 GiB (more saves little: the share of context in a tile shrinks slowly), at least 64 MiB.
std::int64_t default_tile_memory();

/// What a tiling takes beside the network: what the source and the sink keep.
using BytesBeside = std::function<std::int64_t(const Tiling& tiling)>;

/// The tiling of an image with cores of `edge` pixels; `edge` = 0 takes the largest tiles whose
/// bytes stay within `memory`, or the smallest there are if none does. Tiles are a slice deep.
Tiling choose_tiling(const TileNetwork& network, const Size3& image, std::int64_t out_channels,
                     std::int64_t edge, std::int64_t memory, const BytesBeside& beside);

}  // namespace unet::predict
