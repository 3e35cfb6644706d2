#pragma once

#include <cstdint>

#include "unet/core/context.h"
#include "unet/core/shape.h"

namespace unet::kernels::cpu {

// What the code compiled for one instruction set is asked to do. Everything is plain pointers and
// numbers, built by the .cpp files here, so that no inline function of the standard library is ever
// compiled for a wide instruction set (the linker might keep that copy for the whole program).

/// 16 channels that a sum runs over. Strides count floats per step of the job's pixel grid.
struct SourceBlock {
    const float* data;
    std::int64_t batch_stride, plane_stride, row_stride;
    const std::int64_t* tap_offsets;  ///< per tap, from a grid pixel to the value it reads
    std::int64_t channels;            ///< 1 .. 16 that exist
};

/// 16 channels that are written, with what happens on the way (convolution.h, view.h).
struct TargetBlock {
    float* data;
    std::int64_t batch_stride, plane_stride, row_stride;
    const float* activation = nullptr;  ///< or the tensor whose ReLU the gradient passes
    std::int64_t activation_batch_stride = 0, activation_plane_stride = 0,
                 activation_row_stride = 0;
    float scale = 1;
    bool accumulate = false;
    const float* bias = nullptr;  ///< or 16 values
    bool relu = false;
    bool past_caches = false;  ///< stored straight to memory
};

/// target[p] = epilogue(sum over sources, taps, channels of weight * source[p + tap]) on a grid of
/// pixels p: every convolution, its data gradient, and both directions of an up-convolution.
/// Weights: [target][source][tap][16 source channels][16 target channels].
struct DirectJob {
    std::int64_t batch;
    Size3 grid;
    std::int64_t taps;
    const SourceBlock* sources;
    std::int64_t source_count;
    std::int64_t source_step = 16;  ///< floats between grid neighbours; 32 under a stride of 2
    const TargetBlock* targets;
    std::int64_t target_count;
    std::int64_t target_step = 16;
    const float* weights;
};

/// What a direct job reads instead of its sources: images as the host has them, planar N, C, D,
/// H, W, with zeros all around; the grid is what a convolution makes of them. At most 16 channels
/// and most_planar_taps taps.
struct PlanarSource {
    const float* data;
    std::int64_t channels;
    Size3 size, kernel, padding;
};
constexpr std::int64_t most_planar_taps = 64, most_planar_blocks = 64;

/// result[tap][target][source] += sum over grid pixels of source[p + tap] x gradient[p + tap]: the
/// weight gradient of both kinds of convolution. Pixels are cut into `chunks` of whole rows whose
/// sums are kept apart and added afterwards, so the number of threads changes nothing.
struct WeightGradientJob {
    std::int64_t batch;
    Size3 grid;
    std::int64_t taps;
    const SourceBlock* sources;  ///< pixel step 16
    std::int64_t source_count;
    const SourceBlock* gradients;
    std::int64_t gradient_count;
    std::int64_t gradient_step;
    std::int64_t tap_stride, target_stride, source_stride;  ///< of the result, in floats
    std::int64_t chunks = 1;
    float* weight_sums = nullptr;  ///< [chunks][weight_floats], overwritten
    std::int64_t weight_floats = 0;
    float* bias_sums = nullptr;  ///< [chunks][16 gradient_count], overwritten; may be null
    bool bias_every_tap;         ///< each tap sees other gradient pixels (up-convolution)
};

/// A 3x3 convolution by Winograd's F(4x4, 3x3) (winograd.inl); also the data gradient, whose
/// filters are turned around. Tiles of 4x4 output pixels are counted row by row through the batch.
struct WinogradJob {
    std::int64_t batch;
    Size3 grid;
    std::int64_t tiles_y, tiles_x, tiles;
    std::int64_t tiles_per_item;
    const SourceBlock* sources;  ///< tap_offsets[0]: from a grid pixel to the corner of its 3x3
    std::int64_t source_count;
    const TargetBlock* targets;
    std::int64_t target_count;
    Size3 stored;               ///< the targets' own size: the middle of the grid
    const TargetBlock* pooled;  ///< null, or per target where the 2x2 maxima of the grid go
    const float* weights;       ///< blocks [9][16][16] of a target and a source
    std::int64_t weight_target_stride, weight_source_stride;
    bool turned;  ///< the way back: blocks are [16 targets][16 sources], taps the other way round
    float* filters;  ///< room for all transformed filters, or null: many channels
    float* points;   ///< room for a block of transformed tiles, where filters is null
};

/// Rows of 16-channel pixels; `count` pixels.
struct Simd {
    void (*direct)(Context&, const DirectJob&);
    void (*direct_from_planar)(Context&, const DirectJob&, const PlanarSource&);
    /// The first `channels` of the job's one target go into a planar array N, channels, D, H, W of
    /// the grid's size instead. Sources are at most most_planar_blocks.
    void (*direct_to_planar)(Context&, const DirectJob&, std::int64_t channels, float* host);
    void (*weight_gradient)(Context&, const WeightGradientJob&);
    void (*winograd)(Context&, const WinogradJob&);
    /// Sums of `chunks` parts of the tiles: weights [chunks][gradient][source][9][16][16], biases
    /// [chunks][gradient][16] (may be null).
    void (*winograd_gradient)(Context&, const WinogradJob&, const SourceBlock* gradients,
                              std::int64_t gradient_count, std::int64_t chunks, float* weight_sums,
                              float* bias_sums);
    /// out[p] = max of the `rows` x `step` values under it.
    void (*max_pool_row)(const float* const* rows, std::int64_t row_count, std::int64_t step,
                         float* output, std::int64_t count);
    /// gradient of the same: see MaxPoolBackward. `activation` may be null.
    void (*max_pool_row_backward)(const float* const* rows, float* const* gradient_rows,
                                  const float* const* activation_rows, std::int64_t row_count,
                                  std::int64_t step, const float* output, const float* grad_output,
                                  float scale, bool accumulate, std::int64_t count);
    /// sums[0..15] += x - pivot, sums[16..31] += (x - pivot)^2, as doubles.
    void (*row_moments)(const float* row, const float* pivot, std::int64_t count, double* sums);
    /// sums[0..15] += g, sums[16..31] += g * (x - mean), as doubles.
    void (*row_products)(const float* gradient, const float* row, const float* mean,
                         std::int64_t count, double* sums);
    /// output = [relu](row * scale + shift), per channel.
    void (*row_affine)(const float* row, const float* scale, const float* shift, bool relu,
                       float* output, std::int64_t count);
    /// gradient = gradient * a + (row - mean) * b + c, per channel, in place.
    void (*row_gradient)(float* gradient, const float* row, const float* mean, const float* a,
                         const float* b, const float* c, std::int64_t count);
    /// values = exp_of(values) for values <= 0; log_of(values) for finite values >= 1: the bits of
    /// unet/core/math.h. `count` is a multiple of 8, `values` 64-byte aligned.
    void (*exponentials)(double* values, std::int64_t count);
    void (*logarithms)(double* values, std::int64_t count);
};

/// The same code for each instruction set; null where the compiler or machine cannot.
const Simd* avx512();
const Simd* avx2();
const Simd* neon();

template <class Contract>
struct WithSimd;
template <class Result, class... Args>
struct WithSimd<Result(Args...)> {
    using Type = Result(const Simd&, Args...);
};
/// A contract of unet/kernels/*.h, carried out by the functions of one instruction set, which come
/// as its first argument.
template <class Contract>
using OnSimd = typename WithSimd<Contract>::Type;

}  // namespace unet::kernels::cpu
