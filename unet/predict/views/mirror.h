#pragma once

#include <cstdint>
#include <vector>

namespace unet::predict {

/// A run of positions along one axis and the pixels that they stand for.
struct MirroredRange {
    std::int64_t begin = 0;           ///< first pixel that is needed
    std::int64_t length = 0;          ///< pixels that are needed, never more than positions
    std::vector<std::int64_t> index;  ///< per position: its pixel, counted from `begin`

    /// Positions start, start + 1, ... of an axis of `axis_length` pixels, mirrored beyond its
    /// ends.
    void set(std::int64_t start, std::int64_t positions, std::int64_t axis_length);

    /// Positions run on without a mirror among them.
    bool straight() const;
};

}  // namespace unet::predict
