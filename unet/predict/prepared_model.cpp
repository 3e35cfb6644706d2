#include "unet/predict/prepared_model.h"

#include <bit>
#include <cstdint>
#include <span>

#include "unet/core/error.h"

namespace unet {
namespace {

Model without_tensors(const Model& model) {
    Model result;
    result.network = model.network;
    result.info = model.info;
    result.unknown = model.unknown;
    return result;
}

/// The network that predicts: batch norm is part of the convolutions, dropout does nothing.
UNetOptions folded(UNetOptions options) {
    options.norm = Norm::none;
    options.dropout = 0.0;
    return options;
}

void check_finite(std::span<const NamedTensor> tensors) {
    for (const NamedTensor& tensor : tensors) {
        bool finite = true;
        for (const float value : tensor.values)
            finite &= (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) != 0x7f800000u;
        if (!finite)
            fail(ErrorCode::unsupported,
                 "the model's tensor '{}' holds numbers that are not finite; its training may have "
                 "diverged: use an earlier model",
                 tensor.name);
    }
}

}  // namespace

PreparedModel::PreparedModel(const Model& model, bool exact, kernels::Element precision)
    : model_(without_tensors(model)),
      exact_(exact),
      network_(nn::build_network(folded(model.network))),
      backend_(exact ? kernels::direct_backend(kernels::cpu_backend({}, precision))
                     : kernels::cpu_backend({}, precision)),
      parameters_(network_, backend_) {
    check_finite(model.tensors);
    if (model.network.norm == Norm::none)
        parameters_.load(model.tensors);
    else
        parameters_.load(nn::fold_batch_norm(nn::build_network(model.network), model.tensors));
}

}  // namespace unet
