#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/components.h"
#include "unet/objects/watershed/basins.h"
#include "unet/objects/watershed/component_floods.h"

namespace unet {

/// Parts touching objects where the foreground has a waist: a watershed of the distance to the
/// background (after Vincent and Soille 1991), slice by slice, pixels joined by their edges.
///
/// The landscape is the Euclidean distance to the nearest background pixel, smoothed by a Gaussian
/// of 1 pixel. Flooding it from its summits downwards gives every summit the pixels that lead up to
/// it, its basin; a saddle is the highest point where two basins meet. Both are found once and
/// serve for every depth of splitting. ObjectFinder takes less memory for one depth.
class Watershed {
public:
    /// Finds basins and saddles of a map (D, H, W) of 0 and 1.
    /// Throws Error(unsupported) as Landscape.
    void find(std::span<const std::uint32_t> foreground, const Size3& size);

    /// Writes objects: basins are one where the saddle between them lies less than `depth` pixels
    /// below the lower one's summit; those of fewer than `minimum_pixels` pixels become 0. Ids are
    /// 1 .. n in raster order; returns n. Depth 0 keeps every basin; an infinite one gives the
    /// connected components.
    std::int64_t merge(double depth, std::int64_t minimum_pixels, std::span<std::uint32_t> objects);

private:
    void flood_slices();

    Size3 size_{};
    ComponentFinder components_;
    ComponentFloods floods_;
    Basins basins_;
    std::vector<std::int64_t> firsts_;    ///< of every run, its first pixel in flooded_
    std::vector<std::uint32_t> flooded_;  ///< per pixel of all runs its basin's index
    std::vector<std::int64_t> pixels_;    ///< per root; then its id
};

}  // namespace unet
