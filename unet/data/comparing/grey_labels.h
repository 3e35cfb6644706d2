#pragma once

#include <span>
#include <string>

#include "unet/core/image.h"
#include "unet/data/label_survey.h"

namespace unet {

/// What speaks for an image or probabilities in place of labels; empty where nothing does. More
/// than eight values, and of neighbouring pixels that are not 0 most differ, or values are in many
/// small pieces each. Of objects that touch it is the few pixels along their borders that differ,
/// and an object is one piece or a few.
std::string why_grey(const LabelMap& map);
/// Throws Error(invalid_argument) with that, beginning with `where`; of classes, which may lie
/// scattered, only for neighbours that differ.
void check_not_grey(const LabelMap& map, const std::string& where, bool objects);
/// The same for values in small pieces alone, of a map whose slices hold these.
void check_not_scattered(std::span<const SliceValues> slices, const std::string& where);

}  // namespace unet
