#pragma once

#include <cstddef>
#include <cstdint>

namespace unet {

/// One row on, per column: steps to the nearest target so far, `none` at most, into `steps` and
/// `out`. Targets are pixels of value 0 or, with `to_background` false, all others.
void step_down(const std::uint32_t* row, std::int64_t width, bool to_background, std::int32_t none,
               std::int32_t* steps, std::int32_t* out);

/// The same upwards over what step_down() found; `out` is the square of the steps, the largest
/// number there is for `none`.
void step_up(const std::int32_t* found, std::int64_t width, std::int32_t none, std::int32_t* steps,
             std::int32_t* out);

/// Farthest that near_distances() looks.
inline constexpr std::int64_t near_reach = 32;

/// out[i] = min over k of values[i + k * stride] + k^2 for `count` neighbours i, where that is at
/// most (near_reach + 1)^2, otherwise -1; returns whether there is such an entry. Reads near_reach
/// strides to both sides and up to 64 entries behind the last.
bool near_distances(const std::int32_t* values, std::int64_t stride, std::int64_t count,
                    std::int32_t* out);

}  // namespace unet
