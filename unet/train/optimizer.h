#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/fields.h"
#include "unet/nn/parameters.h"

namespace unet {

enum class OptimizerKind {
    sgd,    ///< velocity = momentum * velocity + gradient; p -= rate * velocity
    adam,   ///< Kingma and Ba 2015, weight decay added to the gradient
    adamw,  ///< Loshchilov and Hutter 2019, weight decay apart from the gradient
};

/// How gradients change parameters. Formulas and defaults are those of torch.optim.
struct OptimizerOptions {
    OptimizerKind optimizer = OptimizerKind::adamw;
    double learning_rate = 1e-3;
    double momentum = 0.9;      ///< sgd
    double beta1 = 0.9;         ///< adam, adamw: decay of the mean gradient
    double beta2 = 0.999;       ///< adam, adamw: decay of the mean squared gradient
    double epsilon = 1e-8;      ///< adam, adamw
    double weight_decay = 0.0;  ///< on every trained parameter

    bool operator==(const OptimizerOptions&) const = default;
};

Fields fields_of(OptimizerOptions& options);

/// One step of SGD with momentum over flat arrays of equal length. Bits do not depend on the number
/// of threads. Values that are zero with zero gradient and state stay zero (channel padding).
void sgd_step(Context& context, const OptimizerOptions& options, double learning_rate,
              std::span<float> parameters, std::span<const float> gradients,
              std::span<float> velocity);

/// One step of Adam or AdamW (options.optimizer); `step` counts from 1 (bias correction).
void adam_step(Context& context, const OptimizerOptions& options, double learning_rate,
               std::int64_t step, std::span<float> parameters, std::span<const float> gradients,
               std::span<float> mean, std::span<float> mean_square);

/// An optimizer and its state, which lies in buffers of the parameters' own layout.
class Optimizer {
public:
    Optimizer(const OptimizerOptions& options, const nn::Network& network,
              const kernels::Backend& backend);

    /// Changes the trained part of `parameters` once.
    void step(Context& context, double learning_rate, nn::Parameters& parameters,
              const nn::Parameters& gradients);

    /// Steps done, the ones before a resume included.
    std::int64_t steps() const { return steps_; }

    /// The state as named arrays in file layout: "optimizer.mean.encoder.0.conv.0.weight", ...
    std::vector<NamedTensor> store() const;
    /// Takes the state out of `tensors` (others are left alone). Throws Error(corrupt_file) naming
    /// what is missing, Error(shape_mismatch) for another shape.
    void load(const std::vector<NamedTensor>& tensors, std::int64_t steps);

    std::size_t bytes() const;

private:
    OptimizerOptions options_;
    std::int64_t steps_ = 0;
    std::vector<std::string> names_;  ///< of the buffers below: "velocity" or "mean", ...
    std::vector<nn::Parameters> state_;
};

}  // namespace unet
