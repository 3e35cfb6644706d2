#include "unet/nn/executor.h"

#include <cassert>
#include <chrono>

#include "unet/core/error.h"
#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

template <class Work>
double seconds_of(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Executor::Executor(Network network, Plan plan, const kernels::Backend& backend)
    : network_(std::move(network)),
      plan_(std::move(plan)),
      backend_(backend),
      arena_(plan_.arena_bytes) {}

void Executor::start(Pass& pass, std::span<const float> images) {
    layer_times_.assign(network_.layers.size(), {});
    pass.context.set_workspace({reinterpret_cast<float*>(arena_.data() + plan_.workspace_offset),
                                static_cast<std::size_t>(plan_.workspace_floats)});
    if (std::ssize(images) != plan_.input.elements())
        fail(ErrorCode::shape_mismatch, "the images have {} values, the plan is for {}",
             images.size(), to_string(plan_.input));
    const Layer& first = network_.layers.front();
    layer_times_[0].forward = seconds_of([&] {
        pass.clear_frame(first.output);
        first.type->forward_from_host(pass, first, images.data());
    });
}

void Executor::forward(Context& context, const Parameters& parameters,
                       std::span<const float> images, std::span<float> logits) {
    if (std::ssize(logits) != plan_.output.elements())
        fail(ErrorCode::shape_mismatch, "room for {} logits, the plan gives {}", logits.size(),
             to_string(plan_.output));
    Pass pass{context, backend_, network_, plan_, arena_.data(), parameters};
    start(pass, images);
    const int last = static_cast<int>(network_.layers.size()) - 1;
    for (int l = 1; l <= last; ++l)
        layer_times_[l].forward = seconds_of([&] {
            const Layer& layer = network_.layers[l];
            const int partner = plan_.partner[l];
            if (partner >= 0 && partner < l) return;  // that one did it
            pass.clear_frame(layer.output);
            if (l == last) {
                layer.type->forward_to_host(pass, layer, logits.data());
            } else if (partner >= 0) {
                pass.clear_frame(network_.layers[partner].output);
                layer.type->forward_both(pass, layer, network_.layers[partner]);
            } else {
                layer.type->forward(pass, layer);
            }
        });
}

StepLoss Executor::step(Context& context, Parameters& parameters, const TrainingBatch& batch,
                        Parameters& gradients) {
    assert(plan_.mode == Mode::training);
    const auto pixels = plan_.output.elements() / plan_.output.channels;
    if (std::ssize(batch.targets) != pixels || std::ssize(batch.weights) != pixels)
        fail(ErrorCode::shape_mismatch, "{} targets and {} weights, the plan needs {} of each",
             batch.targets.size(), batch.weights.size(), pixels);
    TrainingPass pass{{context, backend_, network_, plan_, arena_.data(), parameters},
                      parameters,
                      gradients,
                      batch.seed,
                      batch.step,
                      std::vector<bool>(network_.tensors.size())};
    start(pass, batch.images);
    for (std::size_t l = 1; l < network_.layers.size(); ++l)
        layer_times_[l].forward = seconds_of([&] {
            const Layer& layer = network_.layers[l];
            pass.clear_frame(layer.output);
            layer.type->forward_training(pass, layer);
        });

    const int logits = network_.logits();
    const auto grad_logits = pass.target(logits, plan_.output.size());
    const kernels::LossValue loss = pass.table().softmax_loss(context,
                                                              {.logits = pass.activation(logits),
                                                               .targets = batch.targets.data(),
                                                               .weights = batch.weights.data(),
                                                               .dice_weight = batch.dice_weight},
                                                              grad_logits.gradient);
    for (std::size_t l = network_.layers.size(); l-- > 0;)
        layer_times_[l].backward =
            seconds_of([&] { network_.layers[l].type->backward(pass, network_.layers[l]); });
    return {loss.total, loss.cross_entropy, loss.dice};
}

}  // namespace unet::nn
