#include "unet/predict/share.h"

namespace unet::predict {

std::int64_t missing_tiles(const TileStore& store, const Cut& cut, const Size3& shown,
                           bool averages) {
    std::int64_t missing = 0;
    if (averages) {
        for (std::int64_t z = 0; z < shown.depth; ++z)
            missing += store.has({z, 0, 0, {1, shown.height, shown.width}}) ? 0 : 1;
        return missing;
    }
    const Tiling& tiling = cut.tilings.front();
    for (std::int64_t t = 0; t < tiling.count(); ++t)
        missing += store.has(tiling.tile(t).core) ? 0 : 1;
    return missing;
}

}  // namespace unet::predict
