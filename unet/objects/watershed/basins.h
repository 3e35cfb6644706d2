#pragma once

#include <cstdint>
#include <vector>

namespace unet {

/// Where two basins first meet, by their indices.
struct Saddle {
    std::uint32_t a, b;
    float height;
};

/// What flooding finds, one landscape after another.
struct Basins {
    std::vector<float> summits;  ///< height of every basin, in pixels
    /// From the highest of a landscape down; enough of them to connect what is connected.
    std::vector<Saddle> saddles;
    std::vector<std::uint32_t> parents;  ///< per basin, one it is joined to

    void clear();
    /// The basin that stands for all that this one is joined to; halves the path to it.
    std::uint32_t root(std::uint32_t basin);
    /// Joins basins where the saddle between them lies less than `depth` pixels below the lower
    /// one's summit, and no others: every parent becomes the root. May be called again.
    void merge(double depth);

    void reserve(std::size_t basins);
    static constexpr std::size_t bytes_each =
        sizeof(float) + sizeof(Saddle) + sizeof(std::uint32_t);
};

}  // namespace unet
