#include "unet/train/learner.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/train/average.h"

namespace unet {
namespace {

// Weights beneath an average: what goes on learning while the average predicts.
constexpr std::string_view learning_prefix = "learning.";

nn::Executor make_executor(const Recipe& recipe, const kernels::Backend& backend) {
    const nn::Network network = nn::build_network(recipe.network);
    const Size3 patch = patch_geometry(recipe).input;
    const Shape input{recipe.sampling.batch_size, recipe.network.in_channels, patch.depth,
                      patch.height, patch.width};
    nn::Plan plan = nn::make_plan(network, input, nn::Mode::training, backend);
    return nn::Executor(network, std::move(plan), backend);
}

}  // namespace

PatchGeometry patch_geometry(const Recipe& recipe) {
    const Size3 input{1, recipe.sampling.patch, recipe.sampling.patch};
    return {input, nn::output_size(nn::build_network(recipe.network), input)};
}

BatchOptions batch_options(const Recipe& recipe, std::int64_t seed) {
    return {.batch_size = recipe.sampling.batch_size,
            .geometry = patch_geometry(recipe),
            .foreground = recipe.sampling.foreground,
            .augment = recipe.augment,
            .seed = static_cast<std::uint64_t>(seed)};
}

Learner::Learner(const Recipe& recipe, std::uint64_t seed, const kernels::Backend& backend)
    : recipe_(recipe),
      seed_(seed),
      executor_(make_executor(recipe, backend)),
      parameters_(executor_.network(), backend),
      gradients_(executor_.network(), backend),
      optimizer_(recipe.optimizer, executor_.network(), backend) {
    if (recipe.average > 0.0) average_.emplace(executor_.network(), backend);
}

void Learner::start(const std::vector<NamedTensor>& weights) {
    parameters_.load(weights);
    if (average_) average_->load(weights);
}

void Learner::restore(const std::vector<NamedTensor>& weights,
                      const std::vector<NamedTensor>& state, std::int64_t steps) {
    optimizer_.load(state, steps);
    start(weights);
    if (!average_) return;
    std::vector<NamedTensor> learning;
    for (const NamedTensor& tensor : state)
        if (tensor.name.starts_with(learning_prefix))
            learning.push_back(
                {tensor.name.substr(learning_prefix.size()), tensor.shape, tensor.values});
    parameters_.load(learning);
}

nn::StepLoss Learner::step(Context& context, const Batch& batch, double learning_rate) {
    const nn::TrainingBatch input{.images = batch.images,
                                  .targets = batch.targets,
                                  .weights = batch.weights,
                                  .dice_weight = recipe_.loss.dice_weight,
                                  .seed = seed_,
                                  .step = batch.step};
    const nn::StepLoss loss = executor_.step(context, parameters_, input, gradients_);
    if (!std::isfinite(loss.total)) return loss;
    optimizer_.step(context, learning_rate, parameters_, gradients_);
    if (average_)
        move_average(context, recipe_.average, optimizer_.steps() - 1, average_->all(),
                     parameters_.all());
    return loss;
}

std::vector<NamedTensor> Learner::weights() const {
    return average_ ? average_->store() : parameters_.store();
}

std::vector<NamedTensor> Learner::state() const {
    std::vector<NamedTensor> tensors = optimizer_.store();
    if (!average_) return tensors;
    for (NamedTensor& tensor : parameters_.store()) {
        tensor.name.insert(0, learning_prefix);
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

bool Learner::finite() const {
    const auto values = parameters_.all();
    return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

std::int64_t Learner::bytes() const {
    return static_cast<std::int64_t>(parameters_.bytes() + gradients_.bytes() + optimizer_.bytes() +
                                     (average_ ? average_->bytes() : 0));
}

std::int64_t Learner::checkpoint_bytes() const {
    return static_cast<std::int64_t>(parameters_.bytes() + optimizer_.bytes() +
                                     (average_ ? average_->bytes() : 0));
}

}  // namespace unet
