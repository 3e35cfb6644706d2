#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

#include "unet/kernels/convolution.h"
#include "unet/kernels/cpu/jobs.h"

namespace unet::kernels::cpu {

// From views to the blocks that jobs are made of.

/// A short list on the calling thread, in Context::small_memory.
template <class T>
using List = std::pmr::vector<T>;

/// Distance of every kernel position from the output pixel it belongs to, in the view's floats;
/// `sign` -1 for the way back.
void append_tap_offsets(List<std::int64_t>& offsets, const ConvolutionGeometry& g,
                        const ConstView& view, std::int64_t sign);

/// What a convolution reads: blocks of all its inputs, each with the offsets of its view.
struct InputBlocks {
    List<std::int64_t> offsets;  ///< per input and tap
    List<SourceBlock> blocks;
};
InputBlocks input_blocks(Context& context, const ConvolutionGeometry& g, const Concat& input);

/// What happens to sums on the way into a target.
struct Epilogue {
    const float* bias = nullptr;
    bool relu = false;
};

/// Appends a view's blocks; a grid pixel stands for `stride` pixels of the view.
void append_sources(List<SourceBlock>& blocks, const ConstView& view, const std::int64_t* offsets,
                    const Size3& stride = {});
void append_targets(List<TargetBlock>& blocks, const View& view, const Epilogue& epilogue = {},
                    const Size3& stride = {});
void append_targets(List<TargetBlock>& blocks, const GradientTarget& target);

/// Weights for the way back: turned[in][out][tap][16 out][16 in]. `at(o, i, tap)` finds a 16 x 16
/// block of the forward order [16 in][16 out].
template <class At>
void turn_weights(Context& context, std::int64_t in_blocks, std::int64_t out_blocks,
                  std::int64_t taps, At at, float* turned) {
    parallel_for(context, in_blocks * out_blocks, [&](std::int64_t item, int) {
        const std::int64_t i = item / out_blocks, o = item % out_blocks;
        for (std::int64_t t = 0; t < taps; ++t) {
            const float* from = at(o, i, t);
            float* to = turned + (item * taps + t) * 256;
            for (int a = 0; a < 16; ++a)
                for (int b = 0; b < 16; ++b) to[a * 16 + b] = from[b * 16 + a];
        }
    });
}

}  // namespace unet::kernels::cpu
