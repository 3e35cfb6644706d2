#include "unet/nn/parameters.h"

#include <algorithm>
#include <map>

#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/core/random.h"

namespace unet::nn {
namespace {

/// A weight as the kernels are told of it. What has one axis is plain float32 of the channels.
kernels::WeightShape shape_of(const ParameterInfo& info) {
    return {.out = info.shape[info.transposed ? 1 : 0],
            .in = info.input_segments,
            .taps = info.elements() / (info.shape[0] * info.shape[1]),
            .up = info.transposed};
}

bool is_weight(const ParameterInfo& info) { return info.shape.size() > 1; }

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("{}", fmt::join(shape, "x"));
}

}  // namespace

Parameters::Parameters(const Network& network, const kernels::Backend& backend)
    : network_(network), backend_(&backend), offsets_(network.parameters.size()) {
    std::size_t size = 0;
    for (const bool trained : {true, false}) {
        for (std::size_t p = 0; p < network.parameters.size(); ++p) {
            const ParameterInfo& info = network.parameters[p];
            if (info.trained != trained) continue;
            offsets_[p] = size;
            size += is_weight(info)
                        ? backend.kernels->weight_bytes(shape_of(info))
                        : round_up(info.shape[0], backend.channel_block) * sizeof(float);
        }
        if (trained) trained_ = size;
    }
    bytes_ = kernels::Buffer(size);
}

void Parameters::load(std::span<const NamedTensor> tensors) {
    std::map<std::string, const NamedTensor*> found;
    for (const NamedTensor& tensor : tensors) found[tensor.name] = &tensor;
    for (std::size_t p = 0; p < network_.parameters.size(); ++p) {
        const ParameterInfo& info = network_.parameters[p];
        const auto entry = found.find(info.name);
        if (entry == found.end())
            fail(ErrorCode::shape_mismatch, "the tensor '{}' ({}) is missing", info.name,
                 shape_text(info.shape));
        const NamedTensor& tensor = *entry->second;
        if (tensor.shape != info.shape || std::ssize(tensor.values) != info.elements())
            fail(ErrorCode::shape_mismatch, "the tensor '{}' is {}, the network expects {}",
                 info.name, shape_text(tensor.shape), shape_text(info.shape));
        if (is_weight(info))
            backend_->kernels->pack_weights(shape_of(info), tensor.values.data(),
                                            bytes_.data() + offsets_[p]);
        else
            std::copy(tensor.values.begin(), tensor.values.end(), values(static_cast<int>(p)));
        found.erase(entry);
    }
    // PyTorch counts batches; nothing depends on it.
    std::erase_if(found,
                  [](const auto& entry) { return entry.first.ends_with(".num_batches_tracked"); });
    if (!found.empty())
        fail(ErrorCode::shape_mismatch, "the network has no place for the tensor '{}' ({})",
             found.begin()->first, shape_text(found.begin()->second->shape));
}

std::vector<NamedTensor> Parameters::store() const {
    std::vector<NamedTensor> tensors;
    for (std::size_t p = 0; p < network_.parameters.size(); ++p) {
        const ParameterInfo& info = network_.parameters[p];
        NamedTensor tensor{info.name, info.shape, std::vector<float>(info.elements())};
        const int index = static_cast<int>(p);
        if (is_weight(info))
            backend_->kernels->unpack_weights(shape_of(info), weight(index), tensor.values.data());
        else
            std::copy_n(values(index), info.elements(), tensor.values.data());
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

std::vector<NamedTensor> initial_weights(const Network& network, std::uint64_t seed) {
    std::vector<NamedTensor> tensors;
    for (std::size_t p = 0; p < network.parameters.size(); ++p) {
        const ParameterInfo& info = network.parameters[p];
        NamedTensor tensor{info.name, info.shape,
                           std::vector<float>(info.elements(), info.initial)};
        if (info.fan_in > 0) {
            Random random(seed, Purpose::weights, 0, static_cast<std::uint32_t>(p));
            const auto deviation =
                static_cast<float>(sqrt_of(2.0 / static_cast<double>(info.fan_in)));
            for (float& value : tensor.values) value = deviation * random.normal();
        }
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

}  // namespace unet::nn
