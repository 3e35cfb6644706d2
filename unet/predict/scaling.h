#pragma once

#include "unet/core/normalisation.h"
#include "unet/image/normalise.h"
#include "unet/image/region.h"

namespace unet::predict {

/// What a rule means for an image that is read in bands of rows: the numbers of unet::scaling_of
/// for the same image in memory. Statistics are those of the whole image, never of a tile.
/// Throws as unet::scaling_of.
Scaling scaling_of(RegionSource& source, const Normalisation& rule);

}  // namespace unet::predict
