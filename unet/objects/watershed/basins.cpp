#include "unet/objects/watershed/basins.h"

#include <numeric>
#include <utility>

#include "unet/core/memory.h"

namespace unet {

void Basins::clear() {
    summits.clear();
    saddles.clear();
    parents.clear();
}

std::uint32_t Basins::root(std::uint32_t basin) {
    while (parents[basin] != basin) basin = parents[basin] = parents[parents[basin]];
    return basin;
}

void Basins::merge(double depth) {
    std::iota(parents.begin(), parents.end(), 0u);
    for (const Saddle& saddle : saddles) {
        std::uint32_t a = root(saddle.a), b = root(saddle.b);
        // The higher one stays, so a root's summit is the highest of all that it stands for.
        if (summits[b] > summits[a]) std::swap(a, b);
        if (static_cast<double>(summits[b]) - static_cast<double>(saddle.height) < depth)
            parents[b] = a;
    }
    for (std::uint32_t& parent : parents) parent = root(parent);
}

void Basins::reserve(std::size_t basins) {
    reserve_array(summits, basins);
    reserve_array(saddles, basins);
    reserve_array(parents, basins);
}

}  // namespace unet
