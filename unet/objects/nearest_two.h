#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Squared distance of a pixel that sees no (second) object within reach.
inline constexpr std::int32_t beyond_reach = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int64_t max_reach = 32767;

/// The nearest and the second nearest object of each pixel of one row, `width` entries each.
struct NearestTwoRow {
    std::int64_t z, y;
    /// Squared distance in pixels from the pixel's centre to that of the object's nearest pixel: 0
    /// on the object itself, `beyond_reach` where there is none.
    const std::int32_t *first_squared, *second_squared;
    /// The object's value in the map, 0 beyond reach. Of equally near objects the smaller value
    /// comes first.
    const std::uint32_t *first_id, *second_id;
};

/// Finds for every pixel the two nearest distinct objects (values other than 0) of its slice that
/// are at most `reach` pixels away, and hands each row to `visit` once, in no particular order.
/// Exact. Work is proportional to pixels times the distance to the second object, at most `reach`;
/// fastest for reach <= 181 and values <= 65535. Needs memory for max(64, reach) rows. Method: per
/// column the two nearest objects (a sweep down, a sweep up), then per row a search outwards that
/// ends where no column can hold anything nearer. Two objects a column suffice: one of the two
/// nearest of a pixel is one of the two nearest within the column where it is nearest. Throws
/// Error(invalid_argument) unless 0 <= reach <= max_reach.
void nearest_two(const LabelMap& map, std::int64_t reach,
                 const std::function<void(const NearestTwoRow&)>& visit);

/// The same for the whole map, D, H, W.
struct NearestTwo {
    Size3 size{};
    std::vector<std::int32_t> first_squared, second_squared;
    std::vector<std::uint32_t> first_id, second_id;
};
NearestTwo nearest_two(const LabelMap& map, std::int64_t reach);

}  // namespace unet
