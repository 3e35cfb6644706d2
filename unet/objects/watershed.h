#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/distance.h"

namespace unet {

/// Parts touching objects where the foreground has a waist: a watershed of the distance to the
/// background (after Vincent and Soille 1991), slice by slice, pixels joined by their edges.
///
/// The landscape is the Euclidean distance to the nearest background pixel, smoothed by a Gaussian
/// of 1 pixel. Flooding it from its summits downwards gives every summit the pixels that lead up to
/// it, its basin; a saddle is the highest point where two basins meet. Both are found once and
/// serve for every depth of splitting. Memory is kept from map to map.
class Watershed {
public:
    /// Allocates bytes(size), so that find() and merge() need not for any map of this size.
    void reserve(const Size3& size);
    static std::int64_t bytes(const Size3& size);

    /// Finds basins and saddles of a map (D, H, W) whose foreground is not 0.
    /// Throws Error(unsupported) as SliceDistances.
    void find(std::span<const std::uint32_t> foreground, const Size3& size);

    /// Writes objects: basins are one where the saddle between them lies less than `depth` pixels
    /// below the lower one's summit; those of fewer than `minimum_pixels` pixels become 0. Ids are
    /// 1 .. n in raster order; returns n. Depth 0 keeps every basin; an infinite one gives the
    /// connected components.
    std::int64_t merge(double depth, std::int64_t minimum_pixels, std::span<std::uint32_t> objects);

private:
    /// Where two basins first meet, from the highest saddle of a slice down; enough of them to
    /// connect everything that is connected.
    struct Saddle {
        std::uint32_t a, b;
        float height;
    };

    void smooth(std::int64_t height, std::int64_t width);
    void flood(const std::uint32_t* foreground, std::uint32_t* basins, std::int64_t height,
               std::int64_t width);
    std::uint32_t basin_of(std::int64_t pixel, const std::uint32_t* basins, std::int64_t height,
                           std::int64_t width);
    std::uint32_t root(std::uint32_t basin);

    std::vector<std::uint32_t> basins_;  ///< per pixel 1 .. n; 0 is background
    std::vector<float> summits_;         ///< height of basin i + 1, in pixels
    std::vector<Saddle> saddles_;
    std::vector<std::uint32_t> parents_;  ///< per basin, one it is joined to
    std::vector<float> merged_summits_;
    std::vector<std::int64_t> pixels_;  ///< per root; then its id

    SliceDistances distances_;  ///< of one slice, as all that follows
    std::vector<std::int32_t> squared_;
    std::vector<float> heights_, smoothed_;
    std::vector<std::uint64_t> order_;
};

}  // namespace unet
