#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "unet/core/context.h"
#include "unet/data/batches.h"
#include "unet/nn/executor.h"
#include "unet/nn/parameters.h"
#include "unet/train/optimizer.h"
#include "unet/train/recipe.h"

namespace unet {

/// A network that learns: weights, gradients, optimizer and the executor that makes gradients out
/// of a batch. After a step its bits depend on the weights before it, the batch and the rate only.
class Learner {
public:
    /// Throws Error(invalid_argument) or Error(shape_mismatch) if recipe and network do not go
    /// together. recipe.network has the data's channels and classes.
    Learner(const Recipe& recipe, std::uint64_t seed, const kernels::Backend& backend);

    const nn::Network& network() const { return executor_.network(); }
    const nn::Plan& plan() const { return executor_.plan(); }

    /// Sets the weights; the optimizer starts anew.
    void start(const std::vector<NamedTensor>& weights);
    /// Goes on where weights() and state() were taken, `steps` steps into the training.
    void restore(const std::vector<NamedTensor>& weights, const std::vector<NamedTensor>& state,
                 std::int64_t steps);

    /// One step. A loss that is not finite is returned without any change to weights but the
    /// running statistics of batch norm: the caller must give up.
    nn::StepLoss step(Context& context, const Batch& batch, double learning_rate);

    std::int64_t steps() const { return optimizer_.steps(); }
    /// What predicts: the weights, or their moving average. File layout.
    std::vector<NamedTensor> weights() const;
    /// The rest of what restore() needs.
    std::vector<NamedTensor> state() const;
    /// False if a weight is infinite or not a number.
    bool finite() const;

    /// Bytes of weights, gradients, average and optimizer; the executor's are plan().bytes().
    std::int64_t bytes() const;
    /// Bytes of weights() and state().
    std::int64_t checkpoint_bytes() const;

private:
    Recipe recipe_;
    std::uint64_t seed_;
    nn::Executor executor_;
    nn::Parameters parameters_, gradients_;
    std::optional<nn::Parameters> average_;
    Optimizer optimizer_;
};

/// What the network takes and gives in training, and the batches of that.
PatchGeometry patch_geometry(const Recipe& recipe);
BatchOptions batch_options(const Recipe& recipe, std::int64_t seed);

}  // namespace unet
