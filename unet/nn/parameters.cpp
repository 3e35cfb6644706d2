#include "unet/nn/parameters.h"

#include <algorithm>
#include <map>

#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/core/random.h"

namespace unet::nn {
namespace {

std::int64_t blocks_of(std::int64_t channels, std::int64_t block) {
    return (channels + block - 1) / block;
}

/// Calls visit(file index, stored index) for every value of a parameter: the one place that knows
/// both orders (unet/kernels/convolution.h).
template <class Visit>
void for_values(const ParameterInfo& info, std::int64_t block, Visit visit) {
    if (info.shape.size() == 1) {
        for (std::int64_t c = 0; c < info.shape[0]; ++c) visit(c, c);
        return;
    }
    const bool transposed = info.transposed;
    const std::int64_t taps = info.elements() / (info.shape[0] * info.shape[1]);
    const std::int64_t outs = info.shape[transposed ? 1 : 0], ins = info.shape[transposed ? 0 : 1];
    std::vector<std::int64_t> stored_in;  // position of every input channel, segments padded apart
    for (const std::int64_t segment : info.input_segments) {
        const auto first = round_up(stored_in.empty() ? 0 : stored_in.back() + 1, block);
        for (std::int64_t c = 0; c < segment; ++c) stored_in.push_back(first + c);
    }
    const std::int64_t in_blocks = blocks_of(stored_in.back() + 1, block);
    const std::int64_t out_blocks = blocks_of(outs, block);
    for (std::int64_t o = 0; o < outs; ++o)
        for (std::int64_t i = 0; i < ins; ++i)
            for (std::int64_t t = 0; t < taps; ++t) {
                const std::int64_t s = stored_in[i];
                const std::int64_t ob = o / block, ib = s / block;
                const std::int64_t panel = transposed ? (t * out_blocks + ob) * in_blocks + ib
                                                      : (ob * in_blocks + ib) * taps + t;
                visit(((transposed ? i * outs + o : o * ins + i) * taps) + t,
                      (panel * block + s % block) * block + o % block);
            }
}

std::int64_t stored_size(const ParameterInfo& info, std::int64_t block) {
    if (info.shape.size() == 1) return round_up(info.shape[0], block);
    std::int64_t in_blocks = 0;
    for (const std::int64_t segment : info.input_segments) in_blocks += blocks_of(segment, block);
    const std::int64_t taps = info.elements() / (info.shape[0] * info.shape[1]);
    return blocks_of(info.shape[info.transposed ? 1 : 0], block) * in_blocks * taps * block * block;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("{}", fmt::join(shape, "x"));
}

}  // namespace

Parameters::Parameters(const Network& network, const kernels::Backend& backend)
    : network_(network), block_(backend.channel_block), offsets_(network.parameters.size()) {
    std::size_t size = 0;
    for (const bool trained : {true, false}) {
        for (std::size_t p = 0; p < network.parameters.size(); ++p)
            if (network.parameters[p].trained == trained) {
                offsets_[p] = size;
                size += stored_size(network.parameters[p], block_);
            }
        if (trained) trained_ = size;
    }
    values_ = kernels::Buffer(size);
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
        float* target = at(static_cast<int>(p));
        for_values(info, block_, [&](std::int64_t file, std::int64_t stored) {
            target[stored] = tensor.values[file];
        });
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
        const float* source = at(static_cast<int>(p));
        for_values(info, block_, [&](std::int64_t file, std::int64_t stored) {
            tensor.values[file] = source[stored];
        });
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
