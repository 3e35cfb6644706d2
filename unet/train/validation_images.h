#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/context.h"
#include "unet/data/dataset.h"

namespace unet {

/// Validation images that are looked at when a training ends, in pixels.
inline constexpr std::int64_t pixels_at_the_end = std::int64_t{1} << 24;

/// An image of more pixels, all slices together, is looked at in squares.
inline constexpr std::int64_t largest_whole_image = std::int64_t{1} << 22;

/// The order in which a validation takes so many images, drawn from `seed`, so that the first of
/// them are a fair sample.
std::vector<std::size_t> validation_order(std::size_t images, std::uint64_t seed);

/// What of a validation set is looked at. An image of more than largest_whole_image pixels gives
/// squares of at most 1024 x 1024 of single slices instead, drawn from `seed` as far as 8 Mi
/// pixels of all such images go; squares whose labels are all ignored are passed over. Those
/// that any validation takes (pixels_at_the_end of them, in its order) are in memory, whatever was
/// on files.
Dataset validation_images(Context& context, Dataset set, std::uint64_t seed);

}  // namespace unet
