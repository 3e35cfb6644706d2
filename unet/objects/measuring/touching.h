#pragma once

#include "unet/core/image.h"

namespace unet {

/// Parts objects that touch: every object pixel with a 4-neighbour (in its slice) of another object
/// becomes background, on both sides, so that foreground and background classes alone keep the
/// objects apart (Ronneberger et al. 2015, section 3: the separation border).
LabelMap separate_touching(const LabelMap& map);

}  // namespace unet
