#include "unet/kernels/cpu/winograd.h"

#include <algorithm>
#include <cassert>

#include "unet/kernels/cpu/blocks.h"
#include "unet/kernels/cpu/weight_gradient.h"

namespace unet::kernels::cpu {
namespace {

constexpr std::int64_t points = 36, padding_floats = 80;  // winograd.inl
constexpr std::int64_t block_floats = 9 * 256;            // filters of 16 x 16 channels
/// Below this many input channels (the first layer) transforms cost more than they save.
constexpr std::int64_t least_channels = 8;
/// More blocks than this never take the direct way, so large layers need no workspace for it.
constexpr std::int64_t few_blocks = 2;
/// Few channels: the transformed filters (128 x 128 channels: 2.4 MB) are made once per call, and
/// two register tiles of transformed inputs fit a thread's scratch memory. Else panel by panel.
bool few_channels(std::int64_t in_blocks, std::int64_t out_blocks) {
    return in_blocks * out_blocks <= 64 && in_blocks <= 16;
}
/// Tiles whose products a panel's float32 sums may add up before the sums go to double.
constexpr std::int64_t tiles_per_chunk = 1200;
/// Tiles in a block that all threads share, at most: eight of the widest register tile.
constexpr std::int64_t most_tiles = 112;

/// `channels` of the first of the concatenated inputs, `blocks` of all.
bool pays(const ConvolutionGeometry& g, std::int64_t channels, std::int64_t blocks) {
    return g.kernel == Size3{1, 3, 3} && (channels >= least_channels || blocks > few_blocks);
}

/// Tiles that an item takes. Few channels: so many that V and M stay in L2 beside the pixels that
/// pass through it. Many channels: about a hundred, so that transforming a filter panel costs
/// little against its use. Items are of equal size, and their number is even, for the sake of two
/// threads.
std::int64_t tiles_per_item(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t tiles) {
    constexpr std::int64_t step = 14;  // of the widest register tile
    std::int64_t most = most_tiles, multiple = 1;
    if (few_channels(in_blocks, out_blocks)) {
        const std::int64_t room = 110'000 / (points * in_blocks * channel_block);
        most = std::clamp(room / step * step, 2 * step, 12 * step);
        multiple = 2;
    }
    const std::int64_t items = round_up((tiles + most - 1) / most, multiple);
    return (tiles + items - 1) / items;
}

std::int64_t tile_count(std::int64_t batch, const Size3& grid) {
    return batch * grid.depth * ((grid.height + 3) / 4) * ((grid.width + 3) / 4);
}

std::int64_t stored_filters(std::int64_t in_blocks, std::int64_t out_blocks) {
    return few_channels(in_blocks, out_blocks)
               ? points * (in_blocks * out_blocks * 256 + padding_floats)
               : 0;
}

/// Floats for stored filters or shared points of a call with at most `tiles` tiles. A block never
/// has more than most_tiles; fewer tiles may still make larger blocks, so the bound must not use
/// tiles_per_item.
std::int64_t forward_workspace(std::int64_t in_blocks, std::int64_t out_blocks,
                               std::int64_t tiles) {
    if (const std::int64_t filters = stored_filters(in_blocks, out_blocks)) return filters;
    return points * (std::min(tiles, most_tiles) * in_blocks * channel_block + padding_floats);
}

ChunkedGradient chunked_gradient(std::int64_t in_blocks, std::int64_t out_blocks,
                                 std::int64_t tiles, float* weights = nullptr,
                                 float* biases = nullptr) {
    const std::int64_t panels =
        ((in_blocks + 3) / 4) * ((out_blocks + 3) / 4);  // winograd_gradient.inl
    const std::int64_t busy = std::min((7 + panels) / panels, (tiles + 63) / 64);
    return {.chunks = std::max(busy, (tiles + tiles_per_chunk - 1) / tiles_per_chunk),
            .weight_floats = in_blocks * out_blocks * block_floats,
            .bias_floats = out_blocks * channel_block,
            .weights = weights,
            .biases = biases};
}

WinogradJob make_job(std::int64_t batch, const Size3& grid) {
    WinogradJob job{};
    job.batch = batch;
    job.grid = grid;
    job.stored = grid;
    job.tiles_y = (grid.height + 3) / 4;
    job.tiles_x = (grid.width + 3) / 4;
    job.tiles = tile_count(batch, grid);
    return job;
}

/// Sources to targets of a job that knows its weights; workspace as forward_workspace.
void run(const Simd& simd, Context& context, WinogradJob job, const List<SourceBlock>& sources,
         const List<TargetBlock>& targets) {
    job.sources = sources.data();
    job.source_count = std::ssize(sources);
    job.targets = targets.data();
    job.target_count = std::ssize(targets);
    job.tiles_per_item = tiles_per_item(job.source_count, job.target_count, job.tiles);
    (stored_filters(job.source_count, job.target_count) ? job.filters : job.points) =
        context.workspace().data();
    simd.winograd(context, job);
}

}  // namespace

bool winograd_pays(const ConvolutionShape& shape) {
    return pays(shape.geometry, shape.in[0], shape.in_blocks());
}

bool winograd_supports(const ConvolutionShape& shape) {
    return winograd_pays(shape) && !shape.planar_source && !shape.planar_target &&
           (shape.pool == Size3{1, 1, 1} || shape.pool == Size3{1, 2, 2});
}

void winograd_convolution(const Simd& simd, Context& context, const ConvolutionCall& call) {
    assert(winograd_supports(call.shape()));
    const View& output = std::get<View>(call.target);
    const auto [offsets, sources] =
        input_blocks(context, call.geometry, std::get<Concat>(call.source));
    List<TargetBlock> targets(context.small_memory()), maxima(context.small_memory());
    append_targets(targets, output, {call.bias, call.relu});
    Size3 grid = output.size;
    if (const View& pooled = call.pooled) {
        append_targets(maxima, pooled);
        grid = {pooled.size.depth, 2 * pooled.size.height, 2 * pooled.size.width};
    }
    WinogradJob job = make_job(output.batch, grid);
    job.stored = output.size;
    job.pooled = call.pooled ? maxima.data() : nullptr;
    job.weights = call.weight;
    job.weight_source_stride = block_floats;
    job.weight_target_stride = std::ssize(sources) * block_floats;
    run(simd, context, job, sources, targets);
}

void winograd_backward_data(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                            const ConstView& grad_output, const float* weight,
                            const GradientTargets& targets) {
    std::int64_t in_blocks = 0;
    for (int p = 0; p < targets.count; ++p) in_blocks += targets.parts[p].gradient.blocks();
    if (!pays(g, grad_output.channels, grad_output.blocks()))
        return direct_backward_data(simd, context, g, grad_output, weight, targets);
    // The corner of a turned filter is where its last tap was.
    List<std::int64_t> back(context.small_memory());
    append_tap_offsets(back, g, grad_output, -1);
    const std::int64_t corner = back.back();
    List<SourceBlock> sources(context.small_memory());
    append_sources(sources, grad_output, &corner);
    const auto next = [&](const GradientTarget& target) {
        weight += target.gradient.blocks() * block_floats;
    };
    for (int p = 0; p < targets.count; ++p) {
        // Parts that are written form one job, which transforms grad_output once for both.
        List<TargetBlock> blocks(context.small_memory());
        const GradientTarget& first = targets.parts[p];
        WinogradJob job = make_job(first.gradient.batch, first.gradient.size);
        job.weights = weight;
        job.weight_target_stride = block_floats;
        job.weight_source_stride = in_blocks * block_floats;
        job.turned = true;
        for (; p < targets.count && targets.parts[p].gradient; next(targets.parts[p++]))
            append_targets(blocks, targets.parts[p]);
        if (!blocks.empty()) run(simd, context, job, sources, blocks);
        if (p < targets.count) next(targets.parts[p]);
    }
}

void winograd_backward_weights(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                               const Concat& input, const ConstView& grad_output,
                               float* grad_weight, float* grad_bias) {
    const auto [offsets, sources] = input_blocks(context, g, input);
    if (!pays(g, input.parts[0].channels, std::ssize(sources)))
        return direct_backward_weights(simd, context, g, input, grad_output, grad_weight,
                                       grad_bias);
    List<SourceBlock> gradients(context.small_memory());
    const std::int64_t none = 0;
    append_sources(gradients, grad_output, &none);
    WinogradJob job = make_job(grad_output.batch, grad_output.size);
    job.sources = sources.data();
    job.source_count = std::ssize(sources);
    const std::int64_t out_blocks = std::ssize(gradients);
    const ChunkedGradient gradient =
        chunked_gradient(job.source_count, out_blocks, job.tiles, grad_weight, grad_bias);
    sum_chunks(context, gradient, [&](float* weight_sums, float* bias_sums) {
        simd.winograd_gradient(context, job, gradients.data(), out_blocks, gradient.chunks,
                               weight_sums, bias_sums);
    });
}

std::int64_t winograd_workspace(const ConvolutionShape& shape, std::int64_t batch,
                                const Size3& output, bool backward) {
    std::int64_t direct = direct_workspace(shape, batch, output, backward);
    if (shape.geometry.kernel != Size3{1, 3, 3}) return direct;
    const std::int64_t in_blocks = shape.in_blocks(), out_blocks = blocks_of(shape.out);
    if (in_blocks > few_blocks && out_blocks > few_blocks) direct = 0;
    const std::int64_t tiles = tile_count(batch, output);
    const std::int64_t forward = forward_workspace(in_blocks, out_blocks, tiles);
    if (!backward) return forward;
    const Size3 input{output.depth, output.height + 2, output.width + 2};
    // Backward may write two parts with other channel counts; each needs no more than all of them.
    std::int64_t back = 0;
    for (std::int64_t part = 1; part <= in_blocks; ++part)
        back = std::max(back, forward_workspace(out_blocks, part, tile_count(batch, input)));
    return std::max(
        {direct, forward, back, chunked_gradient(in_blocks, out_blocks, tiles).workspace()});
}

}  // namespace unet::kernels::cpu
