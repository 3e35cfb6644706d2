#include "unet/kernels/cpu/blocks.h"

#include <algorithm>

namespace unet::kernels::cpu {
namespace {

/// A tensor of more floats (24 MB) has left the caches before the next layer reads it. Written past
/// them, its memory need not be read first: a third less traffic.
constexpr std::int64_t cached_floats = 6 << 20;

}  // namespace

void append_tap_offsets(List<std::int64_t>& offsets, const ConvolutionGeometry& g,
                        const ConstView& view, std::int64_t sign) {
    for (std::int64_t z = 0; z < g.kernel.depth; ++z)
        for (std::int64_t y = 0; y < g.kernel.height; ++y)
            for (std::int64_t x = 0; x < g.kernel.width; ++x)
                offsets.push_back(sign * ((z - g.padding.depth) * view.plane_stride +
                                          (y - g.padding.height) * view.row_stride +
                                          (x - g.padding.width) * channel_block));
}

InputBlocks input_blocks(Context& context, const ConvolutionGeometry& g, const Concat& input) {
    InputBlocks result{List<std::int64_t>(context.small_memory()),
                       List<SourceBlock>(context.small_memory())};
    result.offsets.reserve(input.count * g.taps());  // blocks point there
    for (int p = 0; p < input.count; ++p) {
        append_tap_offsets(result.offsets, g, input.parts[p], 1);
        append_sources(result.blocks, input.parts[p], result.offsets.data() + p * g.taps());
    }
    return result;
}

void append_sources(List<SourceBlock>& blocks, const ConstView& view, const std::int64_t* offsets,
                    const Size3& stride) {
    for (std::int64_t b = 0; b < view.blocks(); ++b)
        blocks.push_back({view.data + b * view.block_stride, view.batch_stride,
                          view.plane_stride * stride.depth, view.row_stride * stride.height,
                          offsets, std::min(channel_block, view.channels - b * channel_block)});
}

void append_targets(List<TargetBlock>& blocks, const View& view, const Epilogue& epilogue,
                    const Size3& stride) {
    const bool past_caches = view.batch * view.batch_stride > cached_floats;
    for (std::int64_t b = 0; b < view.blocks(); ++b)
        blocks.push_back({.data = view.data + b * view.block_stride,
                          .batch_stride = view.batch_stride,
                          .plane_stride = view.plane_stride * stride.depth,
                          .row_stride = view.row_stride * stride.height,
                          .bias = epilogue.bias ? epilogue.bias + b * channel_block : nullptr,
                          .relu = epilogue.relu,
                          .past_caches = past_caches});
}

void append_targets(List<TargetBlock>& blocks, const GradientTarget& target) {
    const auto first = blocks.size();
    append_targets(blocks, target.gradient);
    const ConstView& active = target.activation;
    for (auto k = first; k < blocks.size(); ++k) {
        TargetBlock& block = blocks[k];
        block.scale = target.scale;
        block.accumulate = target.accumulate;
        if (!active) continue;
        block.activation = active.data + static_cast<std::int64_t>(k - first) * active.block_stride;
        block.activation_batch_stride = active.batch_stride;
        block.activation_plane_stride = active.plane_stride;
        block.activation_row_stride = active.row_stride;
    }
}

}  // namespace unet::kernels::cpu
