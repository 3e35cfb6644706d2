#include "unet/kernels/cpu/convolution.h"

#include <algorithm>
#include <cassert>

#include "unet/kernels/cpu/blocks.h"

namespace unet::kernels::cpu {
namespace {

/// Distance of every position inside a stride from its first pixel.
List<std::int64_t> phase_offsets(Context& context, const Size3& stride, const ConstView& view) {
    List<std::int64_t> offsets(context.small_memory());
    for (std::int64_t z = 0; z < stride.depth; ++z)
        for (std::int64_t y = 0; y < stride.height; ++y)
            for (std::int64_t x = 0; x < stride.width; ++x)
                offsets.push_back(z * view.plane_stride + y * view.row_stride + x * channel_block);
    return offsets;
}

/// Chunks of pixels whose weight gradients are summed apart: enough of them to keep threads busy
/// where there are few channels, never more than 2 M floats of sums. Depends on sizes only.
std::int64_t gradient_chunks(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t taps,
                             std::int64_t rows) {
    const std::int64_t groups = ((in_blocks + 3) / 4) * ((out_blocks + 3) / 4);
    const std::int64_t floats = in_blocks * out_blocks * taps * 256;
    const std::int64_t chunks =
        std::min((31 + groups) / groups, std::max<std::int64_t>(1, (1 << 21) / floats));
    return std::clamp<std::int64_t>(chunks, 1, rows);
}

/// Runs the job into workspace or straight into the result, then adds the chunks in order.
void run_weight_gradient(const Simd& simd, Context& context, WeightGradientJob job,
                         float* grad_weight, float* grad_bias) {
    const std::int64_t biases = job.gradient_count * channel_block;
    job.chunks = gradient_chunks(job.source_count, job.gradient_count, job.taps,
                                 job.batch * job.grid.depth * job.grid.height);
    job.weight_sums = grad_weight;
    job.bias_sums = grad_bias;
    if (job.chunks > 1) {
        job.weight_sums = context.workspace().data();
        job.bias_sums = grad_bias ? job.weight_sums + job.chunks * job.weight_floats : nullptr;
        assert(context.workspace().size() >=
               static_cast<std::size_t>(job.chunks * (job.weight_floats + biases)));
    }
    simd.weight_gradient(context, job);
    if (job.chunks == 1) return;

    add_chunks(context, job.weight_sums, job.chunks, job.weight_floats, grad_weight);
    if (grad_bias) add_chunks(context, job.bias_sums, job.chunks, biases, grad_bias);
}

}  // namespace

void convolution_forward(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                         const Concat& input, const float* weight, const float* bias, bool relu,
                         const View& output) {
    const auto [offsets, sources] = input_blocks(context, g, input);
    List<TargetBlock> targets(context.small_memory());
    append_targets(targets, output);
    set_epilogue(targets, bias, relu);
    simd.direct(context, {.batch = output.batch,
                          .grid = output.size,
                          .taps = g.taps(),
                          .sources = sources.data(),
                          .source_count = std::ssize(sources),
                          .source_step = channel_block,
                          .targets = targets.data(),
                          .target_count = std::ssize(targets),
                          .target_step = channel_block,
                          .weights = weight});
}

bool suits_planar_source(const ConvolutionGeometry& g, std::int64_t in_channels) {
    return in_channels <= channel_block && g.taps() <= most_planar_taps;
}

void convolution_from_planar(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                             const float* host, const Shape& shape, const float* weight,
                             const float* bias, bool relu, const View& output) {
    assert(suits_planar_source(g, shape.channels));
    List<TargetBlock> targets(context.small_memory());
    append_targets(targets, output);
    set_epilogue(targets, bias, relu);
    simd.direct_from_planar(context,
                            {.batch = output.batch,
                             .grid = output.size,
                             .taps = g.taps(),
                             .sources = nullptr,
                             .source_count = 1,
                             .source_step = 1,
                             .targets = targets.data(),
                             .target_count = std::ssize(targets),
                             .target_step = channel_block,
                             .weights = weight},
                            {.data = host,
                             .channels = shape.channels,
                             .size = shape.size(),
                             .kernel = g.kernel,
                             .padding = g.padding});
}

bool suits_planar_target(const ConvolutionGeometry& g, std::int64_t in_channels,
                         std::int64_t out_channels) {
    return g.kernel == Size3{1, 1, 1} && out_channels <= channel_block &&
           in_channels <= most_planar_blocks * channel_block;
}

void convolution_to_planar(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                           const ConstView& input, const float* weight, const float* bias,
                           bool relu, float* host, std::int64_t channels) {
    assert(suits_planar_target(g, input.channels, channels));
    const auto [offsets, sources] = input_blocks(context, g, {{input, {}}, 1});
    View output;  // a part of it at a time, which the kernel has room for
    output.channels = channels;
    List<TargetBlock> targets(context.small_memory());
    append_targets(targets, output);
    set_epilogue(targets, bias, relu);
    simd.direct_to_planar(context,
                          {.batch = input.batch,
                           .grid = input.size,
                           .taps = g.taps(),
                           .sources = sources.data(),
                           .source_count = std::ssize(sources),
                           .source_step = channel_block,
                           .targets = targets.data(),
                           .target_count = std::ssize(targets),
                           .target_step = channel_block,
                           .weights = weight},
                          channels, host);
}

void convolution_backward_data(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                               const ConstView& grad_output, const float* weight,
                               const GradientTarget* targets, int count) {
    std::int64_t in_blocks = 0;
    for (int p = 0; p < count; ++p) in_blocks += targets[p].gradient.blocks();
    const std::int64_t out_blocks = grad_output.blocks(), taps = g.taps();
    float* turned = context.workspace().data();
    assert(context.workspace().size() >=
           static_cast<std::size_t>(in_blocks * out_blocks * taps * 256));
    turn_weights(
        context, in_blocks, out_blocks, taps,
        [&](std::int64_t o, std::int64_t i, std::int64_t t) {
            return weight + ((o * in_blocks + i) * taps + t) * 256;
        },
        turned);

    List<std::int64_t> offsets(context.small_memory());
    append_tap_offsets(offsets, g, grad_output, -1);
    List<SourceBlock> sources(context.small_memory());
    append_sources(sources, grad_output, offsets.data());
    for (int p = 0; p < count; ++p) {
        const GradientTarget& target = targets[p];
        const float* panel = turned;
        turned += target.gradient.blocks() * out_blocks * taps * 256;
        if (!target.gradient) continue;
        List<TargetBlock> blocks(context.small_memory());
        append_targets(blocks, target);
        simd.direct(context, {.batch = target.gradient.batch,
                              .grid = target.gradient.size,
                              .taps = taps,
                              .sources = sources.data(),
                              .source_count = std::ssize(sources),
                              .source_step = channel_block,
                              .targets = blocks.data(),
                              .target_count = std::ssize(blocks),
                              .target_step = channel_block,
                              .weights = panel});
    }
}

void convolution_backward_weights(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                                  const Concat& input, const ConstView& grad_output,
                                  float* grad_weight, float* grad_bias) {
    const auto [offsets, sources] = input_blocks(context, g, input);
    List<SourceBlock> gradients(context.small_memory());
    const List<std::int64_t> none(static_cast<std::size_t>(g.taps()), 0, context.small_memory());
    append_sources(gradients, grad_output, none.data());
    const std::int64_t in_blocks = std::ssize(sources), taps = g.taps();
    run_weight_gradient(simd, context,
                        {.batch = grad_output.batch,
                         .grid = grad_output.size,
                         .taps = taps,
                         .sources = sources.data(),
                         .source_count = in_blocks,
                         .gradients = gradients.data(),
                         .gradient_count = std::ssize(gradients),
                         .gradient_step = channel_block,
                         .tap_stride = 256,
                         .target_stride = in_blocks * taps * 256,
                         .source_stride = taps * 256,
                         .chunks = 1,
                         .weight_sums = nullptr,
                         .weight_floats = std::ssize(gradients) * in_blocks * taps * 256,
                         .bias_sums = nullptr,
                         .bias_every_tap = false},
                        grad_weight, grad_bias);
}

std::int64_t convolution_workspace(const ConvolutionGeometry& g, std::int64_t in_blocks,
                                   std::int64_t out_blocks, std::int64_t batch, const Size3& output,
                                   bool backward) {
    if (!backward) return 0;
    const std::int64_t weights = in_blocks * out_blocks * g.taps() * 256;
    const std::int64_t chunks =
        gradient_chunks(in_blocks, out_blocks, g.taps(), batch * output.depth * output.height);
    return std::max(weights, chunks > 1 ? chunks * (weights + out_blocks * channel_block) : 0);
}

void up_convolution_forward(const Simd& simd, Context& context, const Size3& stride,
                            const ConstView& input, const float* weight, const float* bias,
                            bool relu, const View& output) {
    const std::int64_t none = 0;
    List<SourceBlock> sources(context.small_memory());
    append_sources(sources, input, &none);
    // Each position inside the stride is a target of its own: the input is read once for all.
    List<TargetBlock> targets(context.small_memory());
    for (const std::int64_t offset : phase_offsets(context, stride, output)) {
        View phase = output;
        phase.data += offset;
        List<TargetBlock> blocks(context.small_memory());
        append_targets(blocks, phase, stride);
        set_epilogue(blocks, bias, relu);
        targets.insert(targets.end(), blocks.begin(), blocks.end());
    }
    simd.direct(context, {.batch = input.batch,
                          .grid = input.size,
                          .taps = 1,
                          .sources = sources.data(),
                          .source_count = std::ssize(sources),
                          .source_step = channel_block,
                          .targets = targets.data(),
                          .target_count = std::ssize(targets),
                          .target_step = channel_block * stride.width,
                          .weights = weight});
}

void up_convolution_backward_data(const Simd& simd, Context& context, const Size3& stride,
                                  const ConstView& grad_output, const float* weight,
                                  const GradientTarget& target) {
    const std::int64_t in_blocks = target.gradient.blocks(), out_blocks = grad_output.blocks();
    float* turned = context.workspace().data();
    turn_weights(
        context, in_blocks, out_blocks, stride.elements(),
        [&](std::int64_t o, std::int64_t i, std::int64_t t) {
            return weight + ((t * out_blocks + o) * in_blocks + i) * 256;
        },
        turned);
    const auto phases = phase_offsets(context, stride, grad_output);
    List<SourceBlock> sources(context.small_memory());
    append_sources(sources, grad_output, phases.data(), stride);
    List<TargetBlock> targets(context.small_memory());
    append_targets(targets, target);
    simd.direct(context, {.batch = target.gradient.batch,
                          .grid = target.gradient.size,
                          .taps = stride.elements(),
                          .sources = sources.data(),
                          .source_count = std::ssize(sources),
                          .source_step = channel_block * stride.width,
                          .targets = targets.data(),
                          .target_count = std::ssize(targets),
                          .target_step = channel_block,
                          .weights = turned});
}

void up_convolution_backward_weights(const Simd& simd, Context& context, const Size3& stride,
                                     const ConstView& input, const ConstView& grad_output,
                                     float* grad_weight, float* grad_bias) {
    const std::int64_t taps = stride.elements();
    const List<std::int64_t> none(static_cast<std::size_t>(taps), 0, context.small_memory());
    const auto phases = phase_offsets(context, stride, grad_output);
    List<SourceBlock> sources(context.small_memory()), gradients(context.small_memory());
    append_sources(sources, input, none.data());
    append_sources(gradients, grad_output, phases.data(), stride);
    const std::int64_t in_blocks = std::ssize(sources), out_blocks = std::ssize(gradients);
    run_weight_gradient(simd, context,
                        {.batch = input.batch,
                         .grid = input.size,
                         .taps = taps,
                         .sources = sources.data(),
                         .source_count = in_blocks,
                         .gradients = gradients.data(),
                         .gradient_count = out_blocks,
                         .gradient_step = channel_block * stride.width,
                         .tap_stride = out_blocks * in_blocks * 256,
                         .target_stride = in_blocks * 256,
                         .source_stride = 256,
                         .chunks = 1,
                         .weight_sums = nullptr,
                         .weight_floats = taps * out_blocks * in_blocks * 256,
                         .bias_sums = nullptr,
                         .bias_every_tap = true},
                        grad_weight, grad_bias);
}

std::int64_t up_convolution_workspace(const Size3& stride, std::int64_t in_blocks,
                                      std::int64_t out_blocks, std::int64_t batch,
                                      const Size3& input) {
    return convolution_workspace({.kernel = stride, .padding = {}}, in_blocks, out_blocks, batch,
                                 input, true);
}

}  // namespace unet::kernels::cpu
