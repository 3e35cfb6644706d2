#include "unet/kernels/cpu/convolution.h"

#include <cassert>

#include "unet/kernels/cpu/blocks.h"
#include "unet/kernels/cpu/weight_gradient.h"

namespace unet::kernels::cpu {

bool direct_supports(const ConvolutionShape& shape) {
    const ConvolutionGeometry& g = shape.geometry;
    if (shape.pool != Size3{1, 1, 1}) return false;
    if (shape.planar_source)
        return !shape.planar_target && shape.in[0] <= channel_block && g.taps() <= most_planar_taps;
    if (shape.planar_target)
        return g.kernel == Size3{1, 1, 1} && shape.out <= channel_block &&
               shape.in_blocks() <= most_planar_blocks;
    return true;
}

void direct_convolution(const Simd& simd, Context& context, const ConvolutionCall& call) {
    assert(direct_supports(call.shape()));
    const ConvolutionGeometry& g = call.geometry;
    const auto* images = std::get_if<ConstPlanar>(&call.source);
    const auto* logits = std::get_if<Planar>(&call.target);
    View output;  // of logits: a part at a time, which the kernel has room for
    if (logits)
        output = {.batch = logits->shape.batch,
                  .channels = logits->shape.channels,
                  .size = logits->shape.size()};
    else
        output = std::get<View>(call.target);

    const Concat nothing{.parts = {}, .count = 0};
    const auto [offsets, sources] =
        input_blocks(context, g, images ? nothing : std::get<Concat>(call.source));
    List<TargetBlock> targets(context.small_memory());
    append_targets(targets, output, {call.bias, call.relu});
    const DirectJob job{.batch = output.batch,
                        .grid = output.size,
                        .taps = g.taps(),
                        .sources = sources.data(),
                        .source_count = std::ssize(sources),
                        .targets = targets.data(),
                        .target_count = std::ssize(targets),
                        .weights = call.weight};
    if (images)
        simd.direct_from_planar(context, job,
                                {.data = images->data,
                                 .channels = images->shape.channels,
                                 .size = images->shape.size(),
                                 .kernel = g.kernel,
                                 .padding = g.padding});
    else if (logits)
        simd.direct_to_planar(context, job, logits->shape.channels, logits->data);
    else
        simd.direct(context, job);
}

void direct_backward_data(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                          const ConstView& grad_output, const float* weight,
                          const GradientTargets& targets) {
    std::int64_t in_blocks = 0;
    for (int p = 0; p < targets.count; ++p) in_blocks += targets.parts[p].gradient.blocks();
    const std::int64_t out_blocks = grad_output.blocks(), taps = g.taps();
    float* turned = context.workspace().data();
    assert(std::ssize(context.workspace()) >= in_blocks * out_blocks * taps * 256);
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
    for (int p = 0; p < targets.count; ++p) {
        const GradientTarget& target = targets.parts[p];
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
                              .targets = blocks.data(),
                              .target_count = std::ssize(blocks),
                              .weights = panel});
    }
}

void direct_backward_weights(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                             const Concat& input, const ConstView& grad_output, float* grad_weight,
                             float* grad_bias) {
    const auto [offsets, sources] = input_blocks(context, g, input);
    List<SourceBlock> gradients(context.small_memory());
    const List<std::int64_t> none(g.taps(), 0, context.small_memory());
    append_sources(gradients, grad_output, none.data());
    run_weight_gradient(simd, context,
                        {.batch = grad_output.batch,
                         .grid = grad_output.size,
                         .taps = g.taps(),
                         .sources = sources.data(),
                         .source_count = std::ssize(sources),
                         .gradients = gradients.data(),
                         .gradient_count = std::ssize(gradients),
                         .gradient_step = channel_block,
                         .tap_stride = 256,
                         .target_stride = std::ssize(sources) * g.taps() * 256,
                         .source_stride = g.taps() * 256,
                         .bias_every_tap = false},
                        grad_weight, grad_bias);
}

std::int64_t direct_workspace(const ConvolutionShape& shape, std::int64_t batch,
                              const Size3& output, bool backward) {
    if (!backward) return 0;
    return backward_workspace(shape.in_blocks(), blocks_of(shape.out), shape.geometry.taps(),
                              batch * output.depth * output.height);
}

}  // namespace unet::kernels::cpu
