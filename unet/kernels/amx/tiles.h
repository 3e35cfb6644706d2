#pragma once

#include <cstddef>
#include <cstdint>

#include "unet/core/shape.h"

namespace unet::kernels::amx {

// What the code compiled for AMX is asked to do. Plain pointers and numbers, as in cpu/jobs.h and
// for the same reason. All strides and offsets count bytes; a pixel is 32 bfloat16 channels.

constexpr std::int64_t pixel_bytes = 64;
constexpr std::int64_t tile_pixels = 16;
constexpr std::int64_t weight_block_bytes = 32 * pixel_bytes;  ///< of a source and a target block

/// 32 channels that a sum runs over.
struct SourceBlock {
    const std::byte* data;
    std::int64_t batch_stride, plane_stride, row_stride;
    const std::int64_t* tap_offsets;  ///< per tap, from a grid pixel to the one that it reads
};

/// 32 channels that are written, of which 16 or more may not exist.
struct TargetBlock {
    std::byte* data;
    std::int64_t batch_stride, plane_stride, row_stride;
    std::int64_t channels;  ///< that exist
    const float* bias;      ///< 32 of them
};

/// target[p] = [relu](bias + sum over sources, taps, channels of weight * source[p + tap]) on a
/// grid of pixels p. The order of a pixel's sum is source, tap, channel, wherever it lies. Weights:
/// [target][source][tap] blocks (place_in_block).
struct TileJob {
    std::int64_t batch;
    Size3 grid;
    std::int64_t taps;
    const SourceBlock* sources;
    std::int64_t source_count;
    const TargetBlock* targets;
    std::int64_t target_count;
    std::int64_t target_step = pixel_bytes;  ///< between grid neighbours
    const std::byte* weights;
    bool relu;
    bool past_caches = false;        ///< stored straight to memory
    std::int64_t target_column = 0;  ///< of the grid's first column: sources begin there
    /// Where it is set, targets are planes of float32, one for each channel, this far apart, with a
    /// target_step of 4.
    std::int64_t host_channel_stride = 0;
};

/// Rows [first_row, last_row) of a sample, counted through its planes, for targets [first, last).
void compute_tiles(const TileJob& job, std::int64_t sample, std::int64_t first_row,
                   std::int64_t last_row, std::int64_t first, std::int64_t last);

/// Pixels of 32 bfloat16 out of rows of as many: to[p][k] = the nearest to from[k][p], 0 from
/// `count` on. `from` are rows of float32, null where there are only zeros.
void interleave(const float* const* from, std::int64_t count, std::int64_t pixels, std::byte* to);

/// out[p] = max of the `rows` x `step` pixels under it, for `count` pixels.
void max_pool_row(const std::byte* const* rows, std::int64_t row_count, std::int64_t step,
                  std::byte* output, std::int64_t count);

}  // namespace unet::kernels::amx
