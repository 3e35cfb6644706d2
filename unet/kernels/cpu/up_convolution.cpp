#include "unet/kernels/cpu/blocks.h"
#include "unet/kernels/cpu/convolution.h"
#include "unet/kernels/cpu/weight_gradient.h"

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

}  // namespace

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
        append_targets(targets, phase, {bias, relu}, stride);
    }
    simd.direct(context, {.batch = input.batch,
                          .grid = input.size,
                          .taps = 1,
                          .sources = sources.data(),
                          .source_count = std::ssize(sources),
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
                          .weights = turned});
}

void up_convolution_backward_weights(const Simd& simd, Context& context, const Size3& stride,
                                     const ConstView& input, const ConstView& grad_output,
                                     float* grad_weight, float* grad_bias) {
    const std::int64_t taps = stride.elements();
    const List<std::int64_t> none(taps, 0, context.small_memory());
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
                         .bias_every_tap = true},
                        grad_weight, grad_bias);
}

std::int64_t up_convolution_workspace(const Size3& stride, std::int64_t in_blocks,
                                      std::int64_t out_blocks, std::int64_t batch,
                                      const Size3& input) {
    return backward_workspace(in_blocks, out_blocks, stride.elements(),
                              batch * input.depth * input.height);
}

}  // namespace unet::kernels::cpu
