#pragma once

#include <span>
#include <string>

#include "unet/core/image.h"
#include "unet/data/label_survey.h"

namespace unet {

/// Throws Error(invalid_argument) that begins with `where` for an image or probabilities in place
/// of labels: more than eight values, and of neighbouring pixels that are not 0 most differ, or
/// values are in many small pieces each. Of objects that touch it is the few pixels along their
/// borders that differ, and an object is one piece or a few.
void check_not_grey(const LabelMap& map, const std::string& where);
/// The second of these, of a map whose slices hold these.
void check_not_scattered(std::span<const SliceValues> slices, const std::string& where);

}  // namespace unet
