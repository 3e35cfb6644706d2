#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "unet/kernels/backend.h"
#include "unet/nn/network.h"

namespace unet {

/// A named array in file layout: what safetensors holds.
struct NamedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

namespace nn {

/// All parameters of a network in one buffer in the backend's layout; the same layout serves
/// gradients and optimizer state. Trained parameters come first, running statistics last.
class Parameters {
public:
    Parameters(const Network& network, const kernels::Backend& backend);

    /// A weight in the backend's layout and element type.
    const void* weight(int index) const { return bytes_.data() + offsets_[index]; }
    /// One with a value for every channel; and, of a backend whose elements are float32, any.
    float* values(int index) { return reinterpret_cast<float*>(bytes_.data() + offsets_[index]); }
    const float* values(int index) const {
        return reinterpret_cast<const float*>(bytes_.data() + offsets_[index]);
    }
    /// Of a backend whose elements are float32, the trained part, padding (always zero) included:
    /// what an optimizer walks over.
    std::span<float> trained() { return all().first(trained_ / sizeof(float)); }
    std::span<const float> trained() const { return all().first(trained_ / sizeof(float)); }
    std::span<float> all() { return bytes_.as<float>(); }
    std::span<const float> all() const { return bytes_.as<float>(); }
    std::size_t bytes() const { return bytes_.size(); }

    /// File layout -> backend layout. Throws Error(shape_mismatch) naming what is missing, what is
    /// too much, and which shape was expected.
    void load(std::span<const NamedTensor> tensors);
    /// Backend layout -> file layout, in file order.
    std::vector<NamedTensor> store() const;

    const Network& network() const { return network_; }

private:
    Network network_;
    const kernels::Backend* backend_;
    std::vector<std::size_t> offsets_;  ///< in bytes
    std::size_t trained_ = 0;           ///< bytes
    kernels::Buffer bytes_;
};

/// Draws weights from N(0, 2 / fan_in) (section 3 of the paper), biases 0, batch norm scale 1,
/// shift 0, mean 0, variance 1. Bits depend on `seed` and the network only.
std::vector<NamedTensor> initial_weights(const Network& network, std::uint64_t seed);

/// Batch norm with its running statistics folded into the convolution before it: the same function
/// at prediction, as a network without norm. Returns the input unchanged where there is no norm.
/// (In layers/batch_norm.cpp, as all that is batch norm's.)
std::vector<NamedTensor> fold_batch_norm(const Network& network, std::vector<NamedTensor> tensors);

}  // namespace nn
}  // namespace unet
