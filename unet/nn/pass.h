#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/context.h"
#include "unet/kernels/backend.h"
#include "unet/kernels/view.h"
#include "unet/nn/network.h"
#include "unet/nn/parameters.h"
#include "unet/nn/plan.h"

namespace unet::nn {

/// One walk over a plan as its layers see it: tensors as views of the arena, parameters as they
/// are applied.
struct Pass {
    Context& context;
    const kernels::Backend& backend;
    const Network& network;
    const Plan& plan;
    float* arena;
    const Parameters& parameters;

    const kernels::KernelTable& table() const { return *backend.kernels; }
    /// The layer's parameter `which`, in file order; null if it has none.
    const float* parameter(const Layer& layer, std::size_t which) const {
        return which < layer.parameters.size() ? parameters.at(layer.parameters[which]) : nullptr;
    }

    /// What the plan stores of a tensor, inside its frame.
    kernels::View activation(int tensor) const { return view(plan.activations[tensor], tensor); }
    /// All inputs, cropped to the size of the first around their centres.
    kernels::Concat inputs(const Layer& layer) const;
    /// Memory is shared by tensors of different times, so frames are zeroed before each use.
    void clear_frame(int tensor) {
        if (!plan.activations[tensor].in_place) clear_frame(plan.activations[tensor], tensor);
    }

protected:
    kernels::View view(const Slot& slot, int tensor) const;
    void clear_frame(const Slot& slot, int tensor);
};

/// A pass that trains: it moves running statistics and ends in gradients.
struct TrainingPass : Pass {
    Parameters& changing;  ///< the pass's parameters
    Parameters& gradients;
    std::uint64_t seed;                    ///< of dropout
    std::uint32_t step;                    ///< of dropout
    std::vector<bool> gradient_started{};  ///< per tensor

    /// A running statistic.
    float* running(const Layer& layer, std::size_t which) const {
        return changing.at(layer.parameters[which]);
    }
    float* grad_parameter(const Layer& layer, std::size_t which) const {
        return which < layer.parameters.size() ? gradients.at(layer.parameters[which]) : nullptr;
    }
    /// What the layer keeps from forward to backward (LayerMemory::kept).
    float* kept(const Layer& layer) const { return arena + plan.kept[layer.output]; }
    kernels::View gradient(int tensor) const { return view(plan.gradients[tensor], tensor); }
    /// Where the gradient of a tensor goes: the first layer that writes it overwrites, later ones
    /// add. `size` is the middle that is written; the rest counts as zero.
    kernels::GradientTarget target(int tensor, const Size3& size);
};

}  // namespace unet::nn
