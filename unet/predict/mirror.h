#pragma once

#include <cstdint>
#include <vector>

namespace unet::predict {

/// Pixel of an axis of `length` pixels that stands at `position` when the axis goes on mirrored
/// beyond both ends: ... 2 1 0 1 2 ..., the edge pixel not repeated, again and again where
/// `position` is far outside; an axis of one pixel repeats it. numpy.pad(mode="reflect").
std::int64_t mirrored(std::int64_t position, std::int64_t length);

/// A run of positions along one axis and the pixels that they stand for.
struct MirroredRange {
    std::int64_t begin = 0;           ///< first pixel that is needed
    std::int64_t length = 0;          ///< pixels that are needed, never more than positions
    std::vector<std::int64_t> index;  ///< per position: its pixel, counted from `begin`

    /// Positions run on without a mirror among them.
    bool straight() const;
};

/// Positions start, start + 1, ... of an axis of `length` pixels.
MirroredRange mirrored_range(std::int64_t start, std::int64_t positions, std::int64_t length);

}  // namespace unet::predict
