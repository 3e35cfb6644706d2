#pragma once

#include "unet/core/image.h"

namespace unet {

/// The pixels just inside each object's border: those with a 4-neighbour (in their slice) of
/// another value keep their id, all others become 0. The image's edge is no border. Equals the mode
/// "inner" of scikit-image's find_boundaries.
LabelMap outlines(const LabelMap& map);

}  // namespace unet
