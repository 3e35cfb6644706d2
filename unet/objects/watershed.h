#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Parts touching objects where the foreground has a waist (a seeded watershed of the distance to
/// the background, as after Vincent and Soille 1991, slice by slice).
///
/// The landscape is the Euclidean distance to the nearest background pixel, smoothed by a Gaussian
/// of 1 pixel. Flooding it from its summits downwards gives every summit the pixels that lead up to
/// it, its basin; a saddle is the highest point where two basins meet. Both are found once, for
/// every depth of splitting: see merged().
struct Watershed {
    /// Where two basins (ids) first meet, from the highest saddle down; enough of them to connect
    /// everything that is connected.
    struct Saddle {
        std::uint32_t a, b;
        float height;
    };
    LabelMap basins;             ///< 1 .. n; 0 is background
    std::vector<float> summits;  ///< height of basin i + 1, in pixels
    std::vector<Saddle> saddles;
};

/// The watershed of a map whose foreground is not 0, pixels joined by their edges.
/// Throws Error(unsupported) as squared_distances.
Watershed watershed(const LabelMap& foreground);

/// Objects: basins are one where the saddle between them lies less than `depth` pixels below the
/// lower one's summit. Ids are 1 .. n in raster order. Depth 0 keeps every basin; an infinite one
/// gives the connected components.
LabelMap merged(const Watershed& landscape, double depth);

/// Objects of a map of 0 and 1: the connected components of 1, parted by the watershed at `depth`
/// where that is above 0.
LabelMap split_objects(const LabelMap& foreground, double depth);

}  // namespace unet
