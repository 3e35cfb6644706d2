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
    std::byte* arena;
    const Parameters& parameters;

    const kernels::KernelTable& table() const { return *backend.kernels; }
    /// The layer's first parameter in file order, its weights.
    const void* weight(const Layer& layer) const { return parameters.weight(layer.parameters[0]); }
    /// The layer's parameter `which`, in file order, of a value for every channel; null if it has
    /// none.
    const float* values(const Layer& layer, std::size_t which) const {
        return which < layer.parameters.size() ? parameters.values(layer.parameters[which])
                                               : nullptr;
    }

    /// What the plan stores of a tensor, inside its frame.
    kernels::AnyView activation(int tensor) const { return view(plan.activations[tensor], tensor); }
    /// All inputs, cropped to the size of the first around their centres.
    kernels::AnyConcat inputs(const Layer& layer) const;
    /// Memory is shared by tensors of different times, so frames are zeroed before each use.
    void clear_frame(int tensor) {
        if (!plan.activations[tensor].in_place) clear_frame(plan.activations[tensor], tensor);
    }

protected:
    kernels::AnyView view(const Slot& slot, int tensor) const;
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
        return changing.values(layer.parameters[which]);
    }
    float* grad_parameter(const Layer& layer, std::size_t which) const {
        return which < layer.parameters.size() ? gradients.values(layer.parameters[which])
                                               : nullptr;
    }
    /// What the layer keeps from forward to backward (LayerMemory::kept).
    float* kept(const Layer& layer) const {
        return reinterpret_cast<float*>(arena + plan.kept[layer.output]);
    }
    kernels::AnyView gradient(int tensor) const { return view(plan.gradients[tensor], tensor); }
    /// Where the gradient of a tensor goes: the first layer that writes it overwrites, later ones
    /// add. `size` is the middle that is written; the rest counts as zero.
    kernels::AnyGradientTarget target(int tensor, const Size3& size);
};

}  // namespace unet::nn
