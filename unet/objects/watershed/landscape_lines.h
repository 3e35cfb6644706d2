#pragma once

#include <array>
#include <cstdint>

namespace unet {

/// Entries behind the last that the functions below may read, and where they say so write.
inline constexpr std::int64_t line_slack = 16;

/// How many pixels far smoothing sees.
inline constexpr std::int64_t smoothing_reach = 3;
/// At distance 0 .. smoothing_reach.
using SmoothingWeights = std::array<float, smoothing_reach + 1>;

/// Replaces squares by the bits of their root as a float, correctly rounded; the slack, too.
void take_roots(std::int32_t* squared, std::int64_t count);

/// out[x] = sum over k of weights[|k|] rows[k + smoothing_reach][x], rows as bits of floats. Writes
/// the slack, too.
void smooth_columns(const std::array<const std::int32_t*, 2 * smoothing_reach + 1>& rows,
                    const SmoothingWeights& weights, std::int64_t width, float* out);

/// out[x] = sum over k of weights[|k|] row[x + k], but `background_height` where the bits in
/// `distances` are those of 0. Writes the slack, too.
void smooth_row(const float* row, const std::int32_t* distances, const SmoothingWeights& weights,
                std::int64_t width, float* out);
inline constexpr float background_height = -1.0f;

/// What a pixel's cell holds before its basin's index, which is not negative: `summit`, or that
/// plus the steps to the next pixel up.
inline constexpr std::int32_t summit = -(1 << 20);

/// The cells of a row: each leads to the highest of its neighbours (above, left, right, below, the
/// first of equal ones) that is higher, or as high and earlier in raster order. Rows are `pitch`
/// entries apart, below 2^20. Writes the slack, too.
void find_steps(const float* heights, std::int64_t pitch, std::int64_t width, std::int32_t* cells);

/// Bit x of `words` where cell x has a basin, and one of those neighbours another one.
void mark_meetings(const float* heights, const std::int32_t* cells, std::int64_t pitch,
                   std::int64_t width, std::uint64_t* words);

}  // namespace unet
