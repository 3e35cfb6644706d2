#include "unet/predict/tile_size.h"

#include <algorithm>

#include "unet/core/system/memory.h"

namespace unet::predict {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

}  // namespace

std::int64_t default_tile_memory() {
    return std::clamp(system::available_memory() / 4, 64 * mebibyte, 1024 * mebibyte);
}

Tiling choose_tiling(const TileNetwork& network, const Size3& image, std::int64_t out_channels,
                     std::int64_t edge, std::int64_t memory, const BytesBeside& beside) {
    const auto tiling = [&](std::int64_t core) {
        return Tiling(image, {1, core, core}, network.rules());
    };
    const auto bytes = [&](const Tiling& tiles) {
        return network.bytes(tiles, out_channels) + beside(tiles);
    };
    if (edge > 0) return tiling(edge);
    const std::int64_t grid = std::max(network.rules()[1].grid, network.rules()[2].grid);
    // Cores in steps of the grid; the largest makes the image one tile, as most images are.
    std::int64_t fits = 1, most = std::max(image.height, image.width) / grid + 1;
    for (std::int64_t tried = most; fits < most; tried = (fits + most + 1) / 2)
        if (bytes(tiling(tried * grid)) <= memory)
            fits = tried;
        else
            most = tried - 1;
    return tiling(fits * grid);
}

}  // namespace unet::predict
