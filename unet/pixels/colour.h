#pragma once

#include "unet/core/image.h"

namespace unet {

/// The mean of red, green and blue; a grey image as it is.
/// Throws Error(shape_mismatch) unless it has one channel or is RGB.
Image to_grey(const Image& image);

/// A grey image three times; an RGB image as it is.
/// Throws Error(shape_mismatch) unless it has one channel or is RGB.
Image to_rgb(const Image& image);

}  // namespace unet
