#pragma once

#include "unet/core/image.h"

namespace unet {

/// Which neighbours of a pixel are connected to it. `four` and `eight` stay inside a slice, so
/// every slice of a stack is labelled for itself, with ids running on; `six` and `twenty_six` join
/// slices.
enum class Connectivity {
    four,        ///< pixels that share an edge
    eight,       ///< ... or a corner
    six,         ///< voxels that share a face
    twenty_six,  ///< ... or an edge or a corner
};

/// Connected components: pixels of equal non-zero value that are connected become one object. Ids
/// are 1 .. n in raster order (slice by slice, row by row) of the first pixel. Size and spacing are
/// the map's. Linear in pixels: runs of equal pixels joined by union-find (He, Chao, Suzuki 2008,
/// "A run-based two-scan labeling algorithm").
LabelMap connected_components(const LabelMap& map, Connectivity connectivity = Connectivity::four);

}  // namespace unet
