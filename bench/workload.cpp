#include "bench/workload.h"

#include <algorithm>
#include <utility>

#include "unet/kernels/dispatch.h"

namespace unet::bench {

using kernels::blocks_of;
using kernels::channel_block;
using kernels::GradientTarget;
using kernels::KernelTable;

namespace {

Size3 larger(const Size3& size, const Size3& kernel) {
    return {size.depth + kernel.depth - 1, size.height + kernel.height - 1,
            size.width + kernel.width - 1};
}

/// A number from -0.5 to 0.5.
float mixed(std::uint32_t k) {
    k = (k ^ (k >> 15)) * 0x2c1b3c6du;
    k = (k ^ (k >> 12)) * 0x297a2d39u;
    return static_cast<float>(k >> 8) * 0x1p-24f - 0.5f;
}

/// Blocks of 16 x 16 weights (or 16 biases, `in` = 16), zero where a channel does not exist.
/// Channel counts are below 16 or multiples of it.
void fill_weights(kernels::Buffer& buffer, std::int64_t in, std::int64_t out) {
    std::uint32_t k = 0;
    for (float& value : buffer.as<float>()) {
        const std::int64_t o = k % channel_block, i = k / channel_block % channel_block;
        value = o < out && i < in ? mixed(k) : 0.0f;
        ++k;
    }
}

}  // namespace

Tensor::Tensor(std::int64_t batch, std::int64_t channels, const Size3& size, const Size3& frame) {
    view_ = {nullptr, batch, channels, size};
    view_.row_stride = (size.width + 2 * frame.width) * channel_block;
    view_.plane_stride = (size.height + 2 * frame.height) * view_.row_stride;
    view_.block_stride = (size.depth + 2 * frame.depth) * view_.plane_stride;
    view_.batch_stride = view_.blocks() * view_.block_stride;
    buffer_ = floats(batch * view_.batch_stride);
    view_.data = buffer_.as<float>().data() + frame.depth * view_.plane_stride +
                 frame.height * view_.row_stride + frame.width * channel_block;
}

void Tensor::fill(std::uint32_t salt) {
    std::uint32_t k = salt << 24;
    for (std::int64_t n = 0; n < view_.batch; ++n)
        for (std::int64_t b = 0; b < view_.blocks(); ++b) {
            const auto channels = std::min(channel_block, view_.channels - b * channel_block);
            for (std::int64_t z = 0; z < view_.size.depth; ++z)
                for (std::int64_t y = 0; y < view_.size.height; ++y) {
                    float* row = view_.row(n, b, z, y);
                    for (std::int64_t x = 0; x < view_.size.width; ++x)
                        for (std::int64_t c = 0; c < channels; ++c)
                            row[x * channel_block + c] = mixed(k++);
                }
        }
}

Workload::Workload(const Case& c, std::int64_t batch) : case_(c), batch_(batch) {
    switch (c.kind) {
        case Kind::convolution:
            make_convolution();
            break;
        case Kind::up_convolution:
            make_up_convolution();
            break;
        default:
            make_pointwise();
    }
    std::uint32_t salt = 1;
    for (Tensor& input : inputs_) input.fill(salt++);
    if (case_.pass != Pass::forward) grad_output_.fill(salt);
}

void Workload::make_convolution() {
    const Case& c = case_;
    const Size3 input = larger(c.size, c.kernel);
    std::int64_t in_blocks = 0;
    for (const auto channels : c.in) {
        in_blocks += blocks_of(channels);
        if (c.pass != Pass::backward_data) inputs_.emplace_back(batch_, channels, input);
        if (c.pass == Pass::backward_data) grad_inputs_.emplace_back(batch_, channels, input);
    }
    if (c.pass == Pass::forward) {
        output_ = Tensor(batch_, c.out, c.size);
    } else {
        const bool data = c.pass == Pass::backward_data;
        grad_output_ =
            Tensor(batch_, c.out, c.size, data ? larger({0, 0, 0}, c.kernel) : Size3{0, 0, 0});
    }
    make_weights(in_blocks);
}

void Workload::make_up_convolution() {
    const Case& c = case_;
    const Size3 output{c.size.depth * c.kernel.depth, c.size.height * c.kernel.height,
                       c.size.width * c.kernel.width};
    if (c.pass != Pass::backward_data) inputs_.emplace_back(batch_, c.in[0], c.size);
    (c.pass == Pass::forward ? output_ : grad_output_) = Tensor(batch_, c.out, output);
    if (c.pass == Pass::backward_data) grad_inputs_.emplace_back(batch_, c.in[0], c.size);
    make_weights(blocks_of(c.in[0]));
}

void Workload::make_weights(std::int64_t in_blocks) {
    const Case& c = case_;
    const std::int64_t biases = blocks_of(c.out) * channel_block;
    const std::int64_t weights = biases * in_blocks * c.kernel.elements() * channel_block;
    const bool gradients = c.pass == Pass::backward_weights;
    (gradients ? grad_weight_ : weight_) = floats(weights);
    (gradients ? grad_bias_ : bias_) = floats(biases);
    if (gradients) return;
    fill_weights(weight_, c.in[0], c.out);
    fill_weights(bias_, channel_block, c.out);
}

void Workload::make_pointwise() {
    const Case& c = case_;
    inputs_.emplace_back(batch_, c.in[0], c.size);
    if (c.kind == Kind::batch_norm) {
        (c.pass == Pass::forward ? output_ : grad_output_) = Tensor(batch_, c.in[0], c.size);
        // scale, shift, running mean and variance, mean, inverse_std, grad_scale, grad_shift
        statistics_ = floats(8 * blocks_of(c.in[0]) * channel_block);
        std::fill(statistics_.as<float>().begin(), statistics_.as<float>().end(), 1.0f);
        return;
    }
    const Size3 half{c.size.depth / c.kernel.depth, c.size.height / c.kernel.height,
                     c.size.width / c.kernel.width};
    output_ = Tensor(batch_, c.in[0], half);
    if (c.pass == Pass::forward) return;
    grad_output_ = Tensor(batch_, c.in[0], half);
    grad_inputs_.emplace_back(batch_, c.in[0], c.size);
    // Backward compares input and output: a forward pass makes them fit.
    inputs_[0].fill(1);
    Context context(1);
    kernels::select().max_pool_forward(context, c.kernel, inputs_[0].view(), output_.view());
}

std::int64_t Workload::workspace_floats(const KernelTable& table) const {
    const Case& c = case_;
    std::int64_t in_blocks = 0;
    for (const auto channels : c.in) in_blocks += blocks_of(channels);
    switch (c.kind) {
        case Kind::convolution:
            return table.convolution_workspace({.geometry = {c.kernel},
                                                .in = {c.in[0], c.in.size() > 1 ? c.in[1] : 0},
                                                .out = c.out},
                                               batch_, c.size, c.pass != Pass::forward);
        case Kind::up_convolution:
            return table.up_convolution_workspace(c.kernel, in_blocks, blocks_of(c.out), batch_,
                                                  c.size);
        case Kind::batch_norm:
            return table.batch_norm_workspace(in_blocks, batch_, c.size);
        default:
            return 0;
    }
}

void Workload::run(const KernelTable& table, Context& context) {
    const std::int64_t needed = workspace_floats(table);
    if (std::ssize(workspace_.as<float>()) < needed) workspace_ = floats(needed);
    context.set_workspace(workspace_.as<float>());
    switch (case_.kind) {
        case Kind::convolution:
            return run_convolution(table, context);
        case Kind::up_convolution:
            return run_up_convolution(table, context);
        default:
            return run_pointwise(table, context);
    }
}

void Workload::run_convolution(const KernelTable& table, Context& context) {
    const kernels::ConvolutionGeometry geometry{.kernel = case_.kernel};
    kernels::Concat input;
    input.count = static_cast<int>(inputs_.size());
    for (std::size_t p = 0; p < inputs_.size(); ++p) input.parts[p] = inputs_[p].view();
    kernels::GradientTargets targets{.parts = {}, .count = static_cast<int>(grad_inputs_.size())};
    for (std::size_t p = 0; p < grad_inputs_.size(); ++p)
        targets.parts[p].gradient = grad_inputs_[p].view();
    if (case_.pass == Pass::forward)
        table.convolve(context, {.geometry = geometry,
                                 .source = input,
                                 .weight = weight_.data(),
                                 .bias = bias_.as<float>().data(),
                                 .relu = true,
                                 .target = output_.view()});
    else if (case_.pass == Pass::backward_data)
        table.convolution_backward_data(context, geometry, grad_output_.view(), weight_.data(),
                                        targets);
    else
        table.convolution_backward_weights(context, geometry, input, grad_output_.view(),
                                           grad_weight_.as<float>().data(),
                                           grad_bias_.as<float>().data());
}

void Workload::run_up_convolution(const KernelTable& table, Context& context) {
    GradientTarget target;
    if (!grad_inputs_.empty()) target.gradient = grad_inputs_[0].view();
    if (case_.pass == Pass::forward)
        table.up_convolution_forward(context, case_.kernel, inputs_[0].view(), weight_.data(),
                                     bias_.as<float>().data(), true, output_.view());
    else if (case_.pass == Pass::backward_data)
        table.up_convolution_backward_data(context, case_.kernel, grad_output_.view(),
                                           weight_.data(), target);
    else
        table.up_convolution_backward_weights(context, case_.kernel, inputs_[0].view(),
                                              grad_output_.view(), grad_weight_.as<float>().data(),
                                              grad_bias_.as<float>().data());
}

void Workload::run_pointwise(const KernelTable& table, Context& context) {
    const kernels::View& input = inputs_[0].view();
    if (case_.kind == Kind::max_pool) {
        if (case_.pass == Pass::forward)
            return table.max_pool_forward(context, case_.kernel, input, output_.view());
        GradientTarget target;
        target.gradient = grad_inputs_[0].view();
        return table.max_pool_backward(context, case_.kernel, input, output_.view(),
                                       grad_output_.view(), target);
    }
    const std::int64_t channels = blocks_of(case_.in[0]) * channel_block;
    float* values = statistics_.as<float>().data();
    const kernels::BatchNormParameters parameters{values,
                                                  values + channels,
                                                  values + 2 * channels,
                                                  values + 3 * channels,
                                                  values + 4 * channels,
                                                  values + 5 * channels};
    if (case_.pass == Pass::forward)
        table.batch_norm_forward(context, input, parameters, true, output_.view());
    else
        table.batch_norm_backward(context, input, parameters, grad_output_.view(),
                                  values + 6 * channels, values + 7 * channels);
}

std::vector<std::span<const float>> Workload::results() const {
    std::vector<std::span<const float>> all{output_.memory()};
    for (const Tensor& gradient : grad_inputs_) all.push_back(gradient.memory());
    if (case_.kind == Kind::batch_norm) all.push_back(grad_output_.memory());
    all.insert(all.end(),
               {std::as_const(grad_weight_).as<float>(), std::as_const(grad_bias_).as<float>(),
                std::as_const(statistics_).as<float>()});
    return all;
}

}  // namespace unet::bench
