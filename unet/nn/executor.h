#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/context.h"
#include "unet/kernels/backend.h"
#include "unet/nn/network.h"
#include "unet/nn/pass.h"

namespace unet::nn {

/// What one training step sees. Host arrays, planar, float32.
struct TrainingBatch {
    std::span<const float> images;          ///< N, C, D, H, W
    std::span<const std::uint8_t> targets;  ///< N, D, H, W of the logits: class index
    std::span<const float> weights;         ///< like targets; 0 where the label is ignored
    double dice_weight = 0.0;  ///< loss = cross-entropy + dice_weight * (1 - soft Dice)
    std::uint64_t seed = 0;    ///< of dropout
    std::uint32_t step = 0;    ///< of dropout
};

struct StepLoss {
    double total = 0.0;
    double cross_entropy = 0.0;  ///< sum of w * -log p, divided by the sum of w
    double dice = 0.0;           ///< 1 - mean soft Dice over the foreground classes
};

/// Seconds that a layer took in one call.
struct LayerTime {
    double forward = 0.0;
    double backward = 0.0;  ///< 0 after a forward call
};

/// Walks a plan over the backend's kernel table. Owns the arena; parameters and gradients stay with
/// the caller, so executors of other sizes can share them.
class Executor {
public:
    Executor(Network network, Plan plan, const kernels::Backend& backend);

    const Plan& plan() const { return plan_; }
    const Network& network() const { return network_; }

    /// logits (N, classes, D, H, W planar) of images (N, C, D, H, W planar). Batch norm uses its
    /// running statistics; dropout does nothing. Any mode.
    void forward(Context& context, const Parameters& parameters, std::span<const float> images,
                 std::span<float> logits);

    /// Forward with batch statistics and dropout, loss, and the gradient of every trained parameter
    /// (overwrites `gradients`). Updates the running statistics in `parameters`. Mode training
    /// only.
    StepLoss step(Context& context, Parameters& parameters, const TrainingBatch& batch,
                  Parameters& gradients);

    /// Time of every layer of the last call, in network order.
    const std::vector<LayerTime>& layer_times() const { return layer_times_; }

private:
    /// The memory of `context`, and the first layer.
    void start(Pass& pass, std::span<const float> images);

    Network network_;
    Plan plan_;
    const kernels::Backend& backend_;
    kernels::Buffer arena_;
    std::vector<LayerTime> layer_times_;
};

}  // namespace unet::nn
