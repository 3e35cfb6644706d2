#pragma once

#include <string>

#include "unet/core/context.h"
#include "unet/data/dataset.h"
#include "unet/train/recipe.h"

namespace unet {

/// `SamplingOptions::diameter` as a number: 0 for off, -1 for auto. Throws Error(invalid_argument).
double parse_diameter(const std::string& text);

/// How wide the median object of every image is to be made (bring_to_common_size), in pixels; 0
/// where images stay as they are: by the recipe, without numbered objects, where all files say how
/// large their pixels are (then that is what a prediction goes by, and objects of different sizes
/// are different objects), and where pixels are not in memory. Tells `notice` what is done, if
/// images differ.
double shown_diameter(Context& context, const Dataset& set, const Recipe& recipe,
                      const Notice& notice);

/// Does it, and tells how many images have another size now. Returns the diameter, for the images
/// that validate.
double show_alike(Context& context, Dataset& set, const Recipe& recipe, const Notice& notice);

}  // namespace unet
