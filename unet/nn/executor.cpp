#include "unet/nn/executor.h"

#include <algorithm>
#include <cassert>
#include <chrono>

#include "unet/core/error.h"
#include "unet/kernels/view.h"

namespace unet::nn {

using kernels::ConstView;
using kernels::View;

/// One walk over the layers: turns slots into views and calls kernels.
struct Executor::Run {
    Executor& executor;
    Context& context;
    const kernels::KernelTable& table = *executor.backend_.kernels;
    const Network& network = executor.network_;
    const Plan& plan = executor.plan_;
    std::vector<bool> gradient_started{};  ///< per tensor; training only

    float* arena() const { return executor.arena_.data(); }

    /// Picture of a slot, inside its frame.
    View view(const Slot& slot, int tensor) const {
        const std::int64_t block = executor.backend_.channel_block;
        View v;
        v.batch = plan.input.batch;
        v.channels = network.tensors[static_cast<std::size_t>(tensor)].channels;
        v.size = slot.size;
        v.row_stride = (slot.size.width + 2 * slot.frame.width) * block;
        v.plane_stride = (slot.size.height + 2 * slot.frame.height) * v.row_stride;
        v.block_stride = (slot.size.depth + 2 * slot.frame.depth) * v.plane_stride;
        v.batch_stride = v.blocks() * v.block_stride;
        v.data = arena() + slot.offset + slot.frame.depth * v.plane_stride +
                 slot.frame.height * v.row_stride + slot.frame.width * block;
        return v;
    }
    View activation(int tensor) const {
        return view(plan.activations[static_cast<std::size_t>(tensor)], tensor);
    }
    View gradient(int tensor) const {
        return view(plan.gradients[static_cast<std::size_t>(tensor)], tensor);
    }

    /// The centre of `v` with the given size: the cropped skip (section 2 of the paper).
    template <class V>
    static V crop(V v, const Size3& size) {
        v.data += (v.size.depth - size.depth) / 2 * v.plane_stride +
                  (v.size.height - size.height) / 2 * v.row_stride +
                  (v.size.width - size.width) / 2 * kernels::channel_block;
        v.size = size;
        return v;
    }

    /// Memory is shared by tensors of different times, so frames are zeroed before each use.
    void clear_frame(const Slot& slot, int tensor) {
        if (slot.frame == Size3{0, 0, 0}) return;
        const View v = view(slot, tensor);
        const std::int64_t block = kernels::channel_block;
        const auto [fd, fh, fw] = slot.frame;
        const auto [d, h, w] = slot.size;
        parallel_for(context, v.batch * v.blocks(),
                     [&, fd = fd, fh = fh, fw = fw, d = d, h = h, w = w](std::int64_t item, int) {
                         for (std::int64_t z = -fd; z < d + fd; ++z)
                             for (std::int64_t y = -fh; y < h + fh; ++y) {
                                 float* row = v.row(item / v.blocks(), item % v.blocks(), z, y);
                                 if (z < 0 || z >= d || y < 0 || y >= h) {
                                     std::fill(row - fw * block, row + (w + fw) * block, 0.0f);
                                 } else {
                                     std::fill(row - fw * block, row, 0.0f);
                                     std::fill(row + w * block, row + (w + fw) * block, 0.0f);
                                 }
                             }
                     });
    }

    kernels::Concat inputs_of(const Layer& layer) const {
        kernels::Concat concat;
        concat.count = static_cast<int>(layer.inputs.size());
        const Size3 size = plan.activations[static_cast<std::size_t>(layer.inputs[0])].size;
        for (std::size_t k = 0; k < layer.inputs.size(); ++k)
            concat.parts[k] = crop(ConstView(activation(layer.inputs[k])), size);
        return concat;
    }

    kernels::BatchNormParameters norm_of(std::size_t index, Parameters& parameters) const {
        const Layer& layer = network.layers[index];
        float* statistics =
            plan.statistics[index] >= 0 ? arena() + plan.statistics[index] : nullptr;
        const std::int64_t channels = activation(layer.output).blocks() * kernels::channel_block;
        return {.scale = parameters.at(layer.weight),
                .shift = parameters.at(layer.bias),
                .running_mean = parameters.at(layer.mean),
                .running_variance = parameters.at(layer.variance),
                .mean = statistics,
                .inverse_std = statistics ? statistics + channels : nullptr};
    }

    static kernels::ConvolutionCall call_of(const Layer& layer, const Parameters& parameters,
                                            const kernels::ConvolutionCall::Source& source,
                                            const kernels::ConvolutionCall::Target& target) {
        return {.geometry = {layer.kernel, layer.padding},
                .source = source,
                .weight = parameters.at(layer.weight),
                .bias = layer.bias < 0 ? nullptr : parameters.at(layer.bias),
                .relu = layer.relu,
                .target = target};
    }

    /// The rows [first, first + count) of a picture, or fewer at its end.
    template <class V>
    static V rows_of(V v, std::int64_t first, std::int64_t count) {
        v.data += first * v.row_stride;
        v.size.height = std::min(count, v.size.height - first);
        return v;
    }

    /// The first layer, from images as the host has them: at once, or a band of rows at a time.
    void forward_first(const float* images, const Parameters& parameters) {
        const Layer& layer = network.layers.front();
        clear_frame(plan.activations[static_cast<std::size_t>(layer.output)], layer.output);
        if (plan.first) {
            const auto from_host =
                call_of(layer, parameters, kernels::ConstPlanar{images, plan.input},
                        activation(layer.output));
            return plan.first->run(context, from_host);
        }
        const Slot& slot = plan.activations[0];
        clear_frame(slot, 0);
        const std::int64_t band = slot.size.height - layer.rows_lost();
        const std::int64_t above = layer.padding.height;
        const View whole = activation(layer.output);
        for (std::int64_t y = 0; y < whole.size.height; y += band) {
            const View output = rows_of(whole, y, band);
            const View input = rows_of(activation(0), 0, output.size.height + layer.rows_lost());
            View filled = input;  // with the rows above and below, which are frame or picture
            filled.data -= above * filled.row_stride;
            filled.size.height += 2 * above;
            table.from_planar(context, images, {y - above, plan.input.height}, filled);
            convolve(layer, {{ConstView(input), {}}, 1}, output, parameters);
        }
    }

    /// The last layer, to logits as the host wants them: likewise.
    void forward_last(const Parameters& parameters, float* logits) {
        const Layer& layer = network.layers.back();
        const ConstView whole = activation(layer.inputs[0]);
        if (plan.last) {
            const auto to_host = call_of(layer, parameters, kernels::Concat{{whole, {}}, 1},
                                         kernels::Planar{logits, plan.output});
            return plan.last->run(context, to_host);
        }
        const View output = activation(layer.output);
        for (std::int64_t y = 0; y < whole.size.height; y += output.size.height) {
            const ConstView input = rows_of(whole, y, output.size.height);
            const View band = rows_of(output, 0, input.size.height);
            convolve(layer, {{input, {}}, 1}, band, parameters);
            table.to_planar(context, band, {y, plan.output.height}, logits);
        }
    }

    void convolve(const Layer& layer, const kernels::Concat& input, const View& output,
                  const Parameters& parameters) {
        table.convolve(context, call_of(layer, parameters, input, output));
    }

    /// A convolution and its max-pooling at once.
    void convolve_and_pool(const Layer& layer, const Layer& pool, const Parameters& parameters) {
        clear_frame(plan.activations[static_cast<std::size_t>(pool.output)], pool.output);
        auto call = call_of(layer, parameters, inputs_of(layer), activation(layer.output));
        call.pool = pool.kernel;
        call.pooled = activation(pool.output);
        table.convolve(context, call);
    }

    /// `batch` set: training, with batch statistics (and new running ones) and dropout.
    void forward(std::size_t index, Parameters& parameters, const TrainingBatch* batch) {
        const Layer& layer = network.layers[index];
        const int partner = plan.partner[index];
        if (partner >= 0 && layer.kind == LayerKind::max_pool) return;  // done by its convolution
        const bool in_place = layer.kind == LayerKind::dropout ||
                              (layer.kind == LayerKind::batch_norm && plan.mode == Mode::inference);
        if (!in_place)
            clear_frame(plan.activations[static_cast<std::size_t>(layer.output)], layer.output);
        const View output = activation(layer.output);
        const float* weight = layer.weight < 0 ? nullptr : parameters.at(layer.weight);
        const float* bias = layer.bias < 0 ? nullptr : parameters.at(layer.bias);
        switch (layer.kind) {
            case LayerKind::convolution:
                if (partner >= 0)
                    convolve_and_pool(layer, network.layers[static_cast<std::size_t>(partner)],
                                      parameters);
                else
                    convolve(layer, inputs_of(layer), output, parameters);
                break;
            case LayerKind::up_convolution:
                table.up_convolution_forward(context, layer.kernel, activation(layer.inputs[0]),
                                             weight, bias, layer.relu, output);
                break;
            case LayerKind::max_pool:
                table.max_pool_forward(context, layer.kernel, activation(layer.inputs[0]), output);
                break;
            case LayerKind::batch_norm:
                (batch ? table.batch_norm_forward : table.batch_norm_apply)(
                    context, activation(layer.inputs[0]), norm_of(index, parameters), layer.relu,
                    output);
                break;
            case LayerKind::dropout:
                if (batch)
                    table.dropout_forward(
                        context,
                        {.probability = network.options.dropout,
                         .seed = batch->seed,
                         .step = batch->step,
                         .layer = static_cast<std::uint32_t>(
                             network.tensors[static_cast<std::size_t>(layer.output)].level)},
                        output);
                break;
        }
    }

    /// Where the gradient of a tensor goes: the first layer that writes it overwrites, later ones
    /// add. `size` is the part that is written; the rest counts as zero.
    kernels::GradientTarget target(int tensor, const Size3& size) {
        const auto index = static_cast<std::size_t>(tensor);
        const Tensor& info = network.tensors[index];
        const Slot& slot = plan.gradients[index];
        const bool started = gradient_started[index];
        if (!started) {
            if (slot.size == size)
                clear_frame(slot, tensor);
            else
                std::fill_n(arena() + slot.offset, slot.floats, 0.0f);
        }
        gradient_started[index] = true;
        kernels::GradientTarget result;
        result.gradient = crop(gradient(tensor), size);
        if (info.relu) result.activation = crop(ConstView(activation(tensor)), size);
        if (info.dropout) result.scale = static_cast<float>(1.0 / (1.0 - network.options.dropout));
        result.accumulate = started;
        return result;
    }

    void backward(std::size_t index, Parameters& parameters, Parameters& gradients) {
        const Layer& layer = network.layers[index];
        const Size3 in_size = plan.activations[static_cast<std::size_t>(layer.inputs[0])].size;
        const float* weight = layer.weight < 0 ? nullptr : parameters.at(layer.weight);
        float* grad_weight = layer.weight < 0 ? nullptr : gradients.at(layer.weight);
        float* grad_bias = layer.bias < 0 ? nullptr : gradients.at(layer.bias);
        const View grad_output = gradient(layer.output);
        switch (layer.kind) {
            case LayerKind::convolution: {
                table.convolution_backward_weights(context, {layer.kernel, layer.padding},
                                                   inputs_of(layer), grad_output, grad_weight,
                                                   grad_bias);
                if (layer.inputs[0] == network.input()) break;
                kernels::GradientTarget targets[2];
                for (std::size_t k = 0; k < layer.inputs.size(); ++k)
                    targets[k] = target(layer.inputs[k], in_size);
                table.convolution_backward_data(context, {layer.kernel, layer.padding}, grad_output,
                                                weight, targets,
                                                static_cast<int>(layer.inputs.size()));
                break;
            }
            case LayerKind::up_convolution:
                table.up_convolution_backward_weights(context, layer.kernel,
                                                      activation(layer.inputs[0]), grad_output,
                                                      grad_weight, grad_bias);
                table.up_convolution_backward_data(context, layer.kernel, grad_output, weight,
                                                   target(layer.inputs[0], in_size));
                break;
            case LayerKind::max_pool:
                table.max_pool_backward(context, layer.kernel, activation(layer.inputs[0]),
                                        activation(layer.output), grad_output,
                                        target(layer.inputs[0], in_size));
                break;
            case LayerKind::batch_norm:
                table.batch_norm_backward(context, activation(layer.inputs[0]),
                                          norm_of(index, parameters), grad_output, grad_weight,
                                          grad_bias);
                break;
            case LayerKind::dropout:
                break;  // the scale stands in target()
        }
    }

    template <class Work>
    void timed(double& seconds, Work work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

    /// `logits` null: they stay where the loss reads them.
    void forward_all(std::span<const float> images, Parameters& parameters,
                     const TrainingBatch* batch, float* logits) {
        const Shape& shape = plan.input;
        if (std::ssize(images) != shape.elements())
            fail(ErrorCode::shape_mismatch, "the images have {} values, the plan is for {}",
                 images.size(), to_string(shape));
        auto& times = executor.layer_times_;
        const std::size_t last = network.layers.size() - 1;
        timed(times[0].forward, [&] { forward_first(images.data(), parameters); });
        for (std::size_t l = 1; l < last; ++l)
            timed(times[l].forward, [&] { forward(l, parameters, batch); });
        timed(times[last].forward, [&] {
            logits ? forward_last(parameters, logits) : forward(last, parameters, batch);
        });
    }
};

Executor::Executor(Network network, Plan plan, const kernels::Backend& backend)
    : network_(std::move(network)),
      plan_(std::move(plan)),
      backend_(backend),
      arena_(static_cast<std::size_t>(plan_.arena_floats)) {}

void Executor::forward(Context& context, const Parameters& parameters,
                       std::span<const float> images, std::span<float> logits) {
    if (std::ssize(logits) != plan_.output.elements())
        fail(ErrorCode::shape_mismatch, "room for {} logits, the plan gives {}", logits.size(),
             to_string(plan_.output));
    layer_times_.assign(network_.layers.size(), {});
    context.set_workspace(
        {arena_.data() + plan_.workspace_offset, static_cast<std::size_t>(plan_.workspace_floats)});
    Run run{*this, context};
    // Without a batch nothing in `parameters` is written.
    run.forward_all(images, const_cast<Parameters&>(parameters), nullptr, logits.data());
}

StepLoss Executor::step(Context& context, Parameters& parameters, const TrainingBatch& batch,
                        Parameters& gradients) {
    assert(plan_.mode == Mode::training);
    const auto pixels = plan_.output.elements() / plan_.output.channels;
    if (std::ssize(batch.targets) != pixels || std::ssize(batch.weights) != pixels)
        fail(ErrorCode::shape_mismatch, "{} targets and {} weights, the plan needs {} of each",
             batch.targets.size(), batch.weights.size(), pixels);
    layer_times_.assign(network_.layers.size(), {});
    context.set_workspace(
        {arena_.data() + plan_.workspace_offset, static_cast<std::size_t>(plan_.workspace_floats)});
    Run run{*this, context};
    run.gradient_started.assign(network_.tensors.size(), false);
    run.forward_all(batch.images, parameters, &batch, nullptr);

    const int logits = network_.logits();
    const auto grad_logits = run.target(logits, plan_.output.size());
    const kernels::LossValue loss = run.table.softmax_loss(context,
                                                           {.logits = run.activation(logits),
                                                            .targets = batch.targets.data(),
                                                            .weights = batch.weights.data(),
                                                            .dice_weight = batch.dice_weight},
                                                           grad_logits.gradient);
    for (std::size_t l = network_.layers.size(); l-- > 0;)
        run.timed(layer_times_[l].backward, [&] { run.backward(l, parameters, gradients); });
    return {loss.total, loss.cross_entropy, loss.dice};
}

}  // namespace unet::nn
