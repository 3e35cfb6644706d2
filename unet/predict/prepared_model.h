#pragma once

#include "unet/kernels/backend.h"
#include "unet/model/model.h"
#include "unet/nn/network.h"
#include "unet/nn/parameters.h"

namespace unet {

/// A model as the kernels want it: batch norm folded away, weights in the backend's layout. Nothing
/// in it changes after construction, so one serves any number of Predictors on any threads: the
/// weights are in memory once.
class PreparedModel {
public:
    /// `exact`: direct convolutions only. Throws Error(shape_mismatch) if the model's tensors do
    /// not fit its options, Error(unsupported) if one of them is not finite or this machine does
    /// not compute in that precision (kernels::cpu_backend).
    explicit PreparedModel(const Model& model, bool exact = false,
                           kernels::Element precision = kernels::Element::float32);

    /// The model without its tensors.
    const Model& model() const { return model_; }
    bool exact() const { return exact_; }
    kernels::Element precision() const { return backend_.kernels->element; }

    /// The network that predicts: `model().network` without norm and dropout.
    const nn::Network& network() const { return network_; }
    const kernels::Backend& backend() const { return backend_; }
    const nn::Parameters& parameters() const { return parameters_; }

private:
    Model model_;
    bool exact_;
    nn::Network network_;
    const kernels::Backend& backend_;
    nn::Parameters parameters_;
};

}  // namespace unet
