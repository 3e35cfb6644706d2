#include "unet/train/optimizer.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/core/math.h"

namespace unet {
namespace {

// Floats a thread works on at a time. Fixed, so that the pieces do not depend on the threads.
constexpr std::int64_t chunk = 1 << 14;

template <class Piece>
void for_pieces(Context& context, std::size_t size, Piece piece) {
    const auto floats = static_cast<std::int64_t>(size);
    parallel_for(context, (floats + chunk - 1) / chunk, [&](std::int64_t item, int) {
        const std::int64_t first = item * chunk;
        piece(first, std::min(chunk, floats - first));
    });
}

void check_sizes(std::size_t parameters, std::size_t gradients, std::size_t state) {
    if (gradients != parameters || state != parameters)
        fail(ErrorCode::shape_mismatch,
             "optimizer: found {} gradients and {} state values, expected {} as the parameters",
             gradients, state, parameters);
}

}  // namespace

Fields fields_of(OptimizerOptions& options) {
    return {
        choice("optimizer", "how a step changes the weights", options.optimizer,
               {{"sgd", OptimizerKind::sgd},
                {"adam", OptimizerKind::adam},
                {"adamw", OptimizerKind::adamw}}),
        {"learning_rate",
         "size of a step, at its largest; a loss that explodes wants a smaller one",
         &options.learning_rate, 0.0, 1e3},
        {"momentum", "sgd: part of the last step that is kept", &options.momentum, 0.0, 0.99999},
        {"beta1", "adam: decay of the mean gradient", &options.beta1, 0.0, 0.99999},
        {"beta2", "adam: decay of the mean squared gradient", &options.beta2, 0.0, 0.9999999},
        {"epsilon", "adam: added to the root of the mean square", &options.epsilon, 1e-30, 1.0},
        {"weight_decay", "how much weights are pulled towards zero", &options.weight_decay, 0.0,
         10.0},
    };
}

void sgd_step(Context& context, const OptimizerOptions& options, double learning_rate,
              std::span<float> parameters, std::span<const float> gradients,
              std::span<float> velocity) {
    check_sizes(parameters.size(), gradients.size(), velocity.size());
    const auto rate = static_cast<float>(learning_rate);
    const auto momentum = static_cast<float>(options.momentum);
    const auto decay = static_cast<float>(options.weight_decay);
    for_pieces(context, parameters.size(), [&](std::int64_t first, std::int64_t count) {
        float* __restrict p = parameters.data() + first;
        const float* __restrict g = gradients.data() + first;
        float* __restrict v = velocity.data() + first;
        for (std::int64_t i = 0; i < count; ++i) {
            v[i] = momentum * v[i] + (g[i] + decay * p[i]);
            p[i] -= rate * v[i];
        }
    });
}

void adam_step(Context& context, const OptimizerOptions& options, double learning_rate,
               std::int64_t step, std::span<float> parameters, std::span<const float> gradients,
               std::span<float> mean, std::span<float> mean_square) {
    check_sizes(parameters.size(), gradients.size(), mean.size());
    check_sizes(parameters.size(), gradients.size(), mean_square.size());
    const auto steps = static_cast<double>(step);
    const double correction1 = 1.0 - power_of(options.beta1, steps);
    const double correction2 = sqrt_of(1.0 - power_of(options.beta2, steps));
    const bool apart = options.optimizer == OptimizerKind::adamw;
    const auto shrink =
        static_cast<float>(apart ? 1.0 - learning_rate * options.weight_decay : 1.0);
    const auto decay = static_cast<float>(apart ? 0.0 : options.weight_decay);
    const auto towards1 = static_cast<float>(1.0 - options.beta1);
    const auto keep2 = static_cast<float>(options.beta2);
    const auto towards2 = static_cast<float>(1.0 - options.beta2);
    const auto rate = static_cast<float>(learning_rate / correction1);
    const auto scale = static_cast<float>(1.0 / correction2);
    const auto epsilon = static_cast<float>(options.epsilon);
    for_pieces(context, parameters.size(), [&](std::int64_t first, std::int64_t count) {
        float* __restrict p = parameters.data() + first;
        const float* __restrict g = gradients.data() + first;
        float* __restrict m = mean.data() + first;
        float* __restrict s = mean_square.data() + first;
        for (std::int64_t i = 0; i < count; ++i) {
            const float slope = g[i] + decay * p[i];
            m[i] += towards1 * (slope - m[i]);
            s[i] = keep2 * s[i] + towards2 * (slope * slope);
            p[i] = shrink * p[i] - rate * (m[i] / (std::sqrt(s[i]) * scale + epsilon));
        }
    });
}

Optimizer::Optimizer(const OptimizerOptions& options, const nn::Network& network,
                     const kernels::Backend& backend)
    : options_(options),
      names_(options.optimizer == OptimizerKind::sgd
                 ? std::vector<std::string>{"velocity"}
                 : std::vector<std::string>{"mean", "mean_square"}) {
    state_.reserve(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) state_.emplace_back(network, backend);
}

void Optimizer::step(Context& context, double learning_rate, nn::Parameters& parameters,
                     const nn::Parameters& gradients) {
    ++steps_;
    if (options_.optimizer == OptimizerKind::sgd)
        sgd_step(context, options_, learning_rate, parameters.trained(), gradients.trained(),
                 state_[0].trained());
    else
        adam_step(context, options_, learning_rate, steps_, parameters.trained(),
                  gradients.trained(), state_[0].trained(), state_[1].trained());
}

std::vector<NamedTensor> Optimizer::store() const {
    std::vector<NamedTensor> tensors;
    for (std::size_t i = 0; i < state_.size(); ++i) {
        auto part = state_[i].store();
        for (std::size_t k = 0; k < part.size(); ++k) {
            if (!state_[i].network().parameters[k].trained) continue;
            part[k].name = fmt::format("optimizer.{}.{}", names_[i], part[k].name);
            tensors.push_back(std::move(part[k]));
        }
    }
    return tensors;
}

void Optimizer::load(const std::vector<NamedTensor>& tensors, std::int64_t steps) {
    for (std::size_t i = 0; i < state_.size(); ++i) {
        auto part = state_[i].store();  // running statistics have no state: theirs stay as they are
        for (std::size_t k = 0; k < part.size(); ++k) {
            if (!state_[i].network().parameters[k].trained) continue;
            const auto name = fmt::format("optimizer.{}.{}", names_[i], part[k].name);
            const auto found =
                std::find_if(tensors.begin(), tensors.end(),
                             [&](const auto& tensor) { return tensor.name == name; });
            if (found == tensors.end())
                fail(ErrorCode::corrupt_file,
                     "checkpoint: found no tensor '{}', expected the state of the optimizer", name);
            if (found->shape != part[k].shape)
                fail(ErrorCode::shape_mismatch, "checkpoint: '{}' is {}, expected {}", name,
                     fmt::join(found->shape, "x"), fmt::join(part[k].shape, "x"));
            part[k].values = found->values;
        }
        state_[i].load(part);
    }
    steps_ = steps;
}

std::size_t Optimizer::bytes() const {
    std::size_t bytes = 0;
    for (const auto& part : state_) bytes += part.bytes();
    return bytes;
}

}  // namespace unet
