#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/shape.h"
#include "unet/nn/options.h"

namespace unet::nn {

/// A value that flows between layers, named by its index in Network::tensors.
struct Tensor {
    std::string name{};  ///< "encoder.0.conv.1"
    std::int64_t channels = 0;
    std::int64_t level = 0;       ///< 0 is full resolution
    bool relu = false;            ///< stored after a ReLU
    double gradient_scale = 1.0;  ///< of a gradient on its way back: 1 / (1 - p) after dropout
};

class LayerType;

/// One layer: reads tensors, writes one. Concatenation is a layer that reads two tensors; the
/// second, a skip connection, is cropped to the size of the first.
struct Layer {
    const LayerType* type = nullptr;  ///< what it does (layers/layer_type.h)
    std::string name;                 ///< "encoder.0.conv.0"; parameters are named after it
    std::vector<int> inputs{};        ///< one, or {up-sampled, skip}
    int output = -1;
    std::int64_t channels = 0;  ///< of the output; 0: those of the input
    Size3 kernel{1, 1, 1};      ///< convolution, up-convolution, pooling
    Size3 padding{0, 0, 0};
    bool bias = true;
    bool relu = false;              ///< fused into the layer's output
    double dropout = 0.0;           ///< probability
    std::vector<int> parameters{};  ///< indices into Network::parameters, in file order
};

/// A named array of the model file, in file order and file layout.
struct ParameterInfo {
    std::string name;  ///< "encoder.0.conv.0.weight"
    /// out, in, (kd,) kh, kw of a weight; in, out, ... where `transposed`.
    std::vector<std::int64_t> shape;
    bool trained = true;      ///< false for running statistics
    float initial = 0.0f;     ///< where nothing is drawn
    std::int64_t fan_in = 0;  ///< weights: products that reach one output (section 3 of the paper)
    std::vector<std::int64_t> input_segments{};  ///< weights: channels of each concatenated input
    bool transposed = false;  ///< an up-convolution's weights, whose taps are stored apart
    std::int64_t elements() const;
};

/// The network for given options: layers in execution order over named tensors.
struct Network {
    UNetOptions options;
    std::vector<Tensor> tensors;  ///< the first is the input, the last the logits
    std::vector<Layer> layers;
    std::vector<ParameterInfo> parameters;

    int input() const { return 0; }
    int logits() const { return layers.back().output; }
    std::int64_t parameter_count() const;  ///< trained values
};

/// Builds the network. Throws Error(invalid_argument) if `options` is out of range.
Network build_network(const UNetOptions& options);

/// Spatial size of every tensor for an input of `size`. Throws Error(shape_mismatch) naming the
/// layer and the nearest sizes that work (valid: 16k + 60 for five levels; same: multiples of 16).
std::vector<Size3> tensor_sizes(const Network& network, const Size3& size);

/// Size of the logits for an input of `size`; throws as tensor_sizes.
Size3 output_size(const Network& network, const Size3& size);

/// Pixels of context that an output pixel sees on each side (the receptive field's reach), per
/// axis: 92 for the paper's network on height and width.
Size3 context_of(const UNetOptions& options);

/// Edge lengths of what an output pixel sees: the context on both sides and the pixel itself.
Size3 receptive_field_of(const UNetOptions& options);

/// Product of all pooling strides, per axis: {1, 16, 16} for five levels.
Size3 downsampling_of(const UNetOptions& options);

}  // namespace unet::nn
