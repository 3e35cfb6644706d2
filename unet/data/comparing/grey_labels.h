#pragma once

#include <string>

#include "unet/core/image.h"

namespace unet {

/// Throws Error(invalid_argument) that begins with `where` for an image or probabilities in place
/// of labels: more than eight values, and of neighbouring pixels that are not 0 most differ. Of
/// objects that touch it is the few along their borders.
void check_not_grey(const LabelMap& map, const std::string& where);

}  // namespace unet
