#pragma once

#include <cstdint>

// Behind RowSource: the loops over one row, compiled once per instruction set.

namespace unet::resample {

/// Where the pixels of a row are read; see RowSource.
struct Row {
    const std::int32_t *y, *x;             ///< whole pixel, as indices of the tables below
    const float *fraction_y, *fraction_x;  ///< readable for 16 more than `count`
    std::int64_t count;
    /// From that pixel's number to where its row starts in a plane, and to its column, mirrored
    /// beyond the border. Numbers one less and two more have entries, too.
    const std::int64_t *row_start, *column;
    /// The pixels whose four neighbours along an axis lie inside, unmirrored: first_y + 1 <= y and
    /// y + 2 <= last_y.
    std::int64_t first_y, last_y, first_x, last_x;
    std::int64_t stride;  ///< from a row of a plane to the next
};

/// Whole part (towards minus infinity) and fraction of every position; the least and the largest
/// whole part.
void split(const float* position, std::int64_t count, std::int32_t* whole, float* fraction,
           std::int32_t& least, std::int32_t& most);

void cubic(const Row& row, const float* plane, float* out);
void linear(const Row& row, const float* plane, float* out);
void nearest(const Row& row, const std::uint8_t* plane, std::uint8_t* out);

}  // namespace unet::resample
