#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// What a distance is measured to.
enum class DistanceTo {
    background,  ///< the nearest pixel of value 0 (SciPy's distance_transform_edt, squared)
    foreground,  ///< the nearest pixel of another value than 0
};

/// Distance where the map has no pixel to measure to.
inline constexpr std::int32_t no_distance = std::numeric_limits<std::int32_t>::max();

/// Distances of one slice at a time; memory is kept from slice to slice.
class SliceDistances {
public:
    /// Allocates bytes(width), so that measure() need not for rows of at most this width.
    void reserve(std::int64_t width);
    static std::int64_t bytes(std::int64_t width);

    /// Exact squared Euclidean distance in pixels from each pixel's centre to that of the nearest
    /// target of a slice, `no_distance` where it holds none. Rows of `values` are `stride` entries
    /// apart; `squared` has height x width, and may be the same memory. Linear in pixels (Meijster,
    /// Roerdink, Hesselink 2000), short distances by trying all. Throws Error(unsupported) where a
    /// squared distance could exceed 31 bits.
    void measure(const std::uint32_t* values, std::int64_t stride, std::int64_t height,
                 std::int64_t width, DistanceTo target, std::int32_t* squared);

private:
    struct Parabola {
        std::int64_t apex;
        std::int64_t start;  ///< first x where it is the lowest so far
    };
    friend class Envelope;

    std::vector<std::int32_t> steps_, line_;
    std::vector<Parabola> parabolas_;
};

/// Exact squared Euclidean distance, in pixels, between each pixel's centre and that of the nearest
/// target pixel: D, H, W as the map. `across_slices` measures through the volume, otherwise every
/// slice is for itself. Linear in pixels (Meijster, Roerdink, Hesselink 2000).
/// Throws Error(unsupported) where a squared distance could exceed 32 bits.
std::vector<std::int32_t> squared_distances(const LabelMap& map, DistanceTo target,
                                            bool across_slices = false);

}  // namespace unet
