#include "unet/kernels/cpu/convolution.h"

#include <algorithm>
#include <cassert>
#include <vector>

namespace unet::kernels::cpu {
namespace {

/// Distance of every kernel position from the output pixel it belongs to, in a picture's floats;
/// `sign` -1 for the way back.
std::vector<std::int64_t> tap_offsets(const ConvolutionGeometry& g, const ConstView& view,
                                      std::int64_t sign) {
    std::vector<std::int64_t> offsets;
    for (std::int64_t z = 0; z < g.kernel.depth; ++z)
        for (std::int64_t y = 0; y < g.kernel.height; ++y)
            for (std::int64_t x = 0; x < g.kernel.width; ++x)
                offsets.push_back(sign * ((z - g.padding.depth) * view.plane_stride +
                                          (y - g.padding.height) * view.row_stride +
                                          (x - g.padding.width) * channel_block));
    return offsets;
}

/// Distance of every position inside a stride from its first pixel.
std::vector<std::int64_t> phase_offsets(const Size3& stride, const ConstView& view) {
    std::vector<std::int64_t> offsets;
    for (std::int64_t z = 0; z < stride.depth; ++z)
        for (std::int64_t y = 0; y < stride.height; ++y)
            for (std::int64_t x = 0; x < stride.width; ++x)
                offsets.push_back(z * view.plane_stride + y * view.row_stride + x * channel_block);
    return offsets;
}

/// Appends a view's blocks; a grid pixel stands for `stride` pixels of the view.
void append_sources(std::vector<SourceBlock>& blocks, const ConstView& view,
                    const std::int64_t* offsets, const Size3& stride = {}) {
    for (std::int64_t b = 0; b < view.blocks(); ++b)
        blocks.push_back({view.data + b * view.block_stride, view.batch_stride,
                          view.plane_stride * stride.depth, view.row_stride * stride.height,
                          offsets, std::min(channel_block, view.channels - b * channel_block)});
}

void append_targets(std::vector<TargetBlock>& blocks, const View& view, const Size3& stride = {}) {
    for (std::int64_t b = 0; b < view.blocks(); ++b)
        blocks.push_back({.data = view.data + b * view.block_stride,
                          .batch_stride = view.batch_stride,
                          .plane_stride = view.plane_stride * stride.depth,
                          .row_stride = view.row_stride * stride.height,
                          .activation = nullptr,
                          .activation_batch_stride = 0,
                          .activation_plane_stride = 0,
                          .activation_row_stride = 0,
                          .scale = 1.0f,
                          .accumulate = false,
                          .bias = nullptr,
                          .relu = false});
}

void append_targets(std::vector<TargetBlock>& blocks, const GradientTarget& target) {
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

void set_epilogue(std::vector<TargetBlock>& blocks, const float* bias, bool relu) {
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        blocks[b].bias = bias ? bias + b * channel_block : nullptr;
        blocks[b].relu = relu;
    }
}

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

    constexpr std::int64_t piece = 4096;
    const auto add = [&](const float* sums, std::int64_t count, float* result) {
        parallel_for(context, (count + piece - 1) / piece, [&](std::int64_t item, int) {
            const std::int64_t last = std::min(count, (item + 1) * piece);
            for (std::int64_t k = item * piece; k < last; ++k) {
                double sum = 0.0;
                for (std::int64_t chunk = 0; chunk < job.chunks; ++chunk)
                    sum += static_cast<double>(sums[chunk * count + k]);
                result[k] = static_cast<float>(sum);
            }
        });
    };
    add(job.weight_sums, job.weight_floats, grad_weight);
    if (grad_bias) add(job.bias_sums, biases, grad_bias);
}

}  // namespace

void convolution_forward(const Simd& simd, Context& context, const ConvolutionGeometry& g,
                         const Concat& input, const float* weight, const float* bias, bool relu,
                         const View& output) {
    std::vector<std::int64_t> offsets[2];
    std::vector<SourceBlock> sources;
    for (int p = 0; p < input.count; ++p) {
        offsets[p] = tap_offsets(g, input.parts[p], 1);
        append_sources(sources, input.parts[p], offsets[p].data());
    }
    std::vector<TargetBlock> targets;
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

    const auto offsets = tap_offsets(g, grad_output, -1);
    std::vector<SourceBlock> sources;
    append_sources(sources, grad_output, offsets.data());
    for (int p = 0; p < count; ++p) {
        const GradientTarget& target = targets[p];
        const float* panel = turned;
        turned += target.gradient.blocks() * out_blocks * taps * 256;
        if (!target.gradient) continue;
        std::vector<TargetBlock> blocks;
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
    std::vector<std::int64_t> offsets[2];
    std::vector<SourceBlock> sources, gradients;
    for (int p = 0; p < input.count; ++p) {
        offsets[p] = tap_offsets(g, input.parts[p], 1);
        append_sources(sources, input.parts[p], offsets[p].data());
    }
    const std::vector<std::int64_t> none(static_cast<std::size_t>(g.taps()), 0);
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
                                   std::int64_t out_blocks, std::int64_t batch,
                                   const Size3& output) {
    const std::int64_t weights = in_blocks * out_blocks * g.taps() * 256;
    const std::int64_t chunks =
        gradient_chunks(in_blocks, out_blocks, g.taps(), batch * output.depth * output.height);
    return std::max(weights, chunks > 1 ? chunks * (weights + out_blocks * channel_block) : 0);
}

void up_convolution_forward(const Simd& simd, Context& context, const Size3& stride,
                            const ConstView& input, const float* weight, const float* bias,
                            bool relu, const View& output) {
    const std::int64_t none = 0;
    std::vector<SourceBlock> sources;
    append_sources(sources, input, &none);
    const auto phases = phase_offsets(stride, output);
    for (std::size_t t = 0; t < phases.size(); ++t) {
        View phase = output;
        phase.data += phases[t];
        std::vector<TargetBlock> targets;
        append_targets(targets, phase, stride);
        set_epilogue(targets, bias, relu);
        simd.direct(context, {.batch = input.batch,
                              .grid = input.size,
                              .taps = 1,
                              .sources = sources.data(),
                              .source_count = std::ssize(sources),
                              .source_step = channel_block,
                              .targets = targets.data(),
                              .target_count = std::ssize(targets),
                              .target_step = channel_block * stride.width,
                              .weights = weight + static_cast<std::int64_t>(t) * output.blocks() *
                                                      input.blocks() * 256});
    }
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
    const auto phases = phase_offsets(stride, grad_output);
    std::vector<SourceBlock> sources;
    append_sources(sources, grad_output, phases.data(), stride);
    std::vector<TargetBlock> targets;
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
    const std::vector<std::int64_t> none(static_cast<std::size_t>(taps), 0);
    const auto phases = phase_offsets(stride, grad_output);
    std::vector<SourceBlock> sources, gradients;
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
                                 input);
}

}  // namespace unet::kernels::cpu
