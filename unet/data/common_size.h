#pragma once

#include "unet/core/context.h"
#include "unet/data/dataset.h"

namespace unet {

/// Diameter in pixels of the median object of all images, slice by slice; 0 where there is none.
double median_object_diameter(Context& context, const Dataset& set);

/// Resizes every image of a set in memory, so that its median object gets a diameter of about
/// `diameter` pixels: at most three times as large or small, and not at all where it would be by
/// less than an eighth, or where an image has no object. Values are resized as a prediction shows
/// an image to its network (cubic; within the image's own extremes, rounded where the file holds
/// whole numbers), labels take the nearest pixel's; Sample::whole keeps the numbers of the image as
/// it was. Returns how many images have another size now. Bits do not depend on the number of
/// threads.
std::int64_t bring_to_common_size(Context& context, Dataset& set, double diameter);

}  // namespace unet
