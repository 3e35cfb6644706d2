#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/shape.h"
#include "unet/nn/options.h"

namespace unet::nn {

/// A value that flows between layers, named by its index in Network::tensors.
struct Tensor {
    std::string name;  ///< "encoder.0.conv.1"
    std::int64_t channels = 0;
    std::int64_t level = 0;  ///< 0 is full resolution
    bool relu = false;       ///< stored after a ReLU
    bool dropout = false;    ///< stored after dropout
};

enum class LayerKind { convolution, max_pool, up_convolution, batch_norm, dropout };

/// One layer: reads tensors, writes one. Concatenation is a layer that reads two tensors; the
/// second, a skip connection, is cropped to the size of the first.
struct Layer {
    LayerKind kind{};
    std::string name;           ///< "encoder.0.conv.0"; parameters are named after it
    std::vector<int> inputs{};  ///< one, or {up-sampled, skip}
    int output = -1;
    Size3 kernel{1, 1, 1};  ///< convolution, up-convolution, pooling
    Size3 padding{0, 0, 0};
    bool relu = false;           ///< fused into the layer's output
    int weight = -1, bias = -1;  ///< indices into Network::parameters; batch norm: scale and shift
    int mean = -1, variance = -1;  ///< batch norm: running statistics

    /// Rows that a convolution's output has fewer than its input.
    std::int64_t rows_lost() const { return kernel.height - 1 - 2 * padding.height; }
};

/// A named array of the model file, in file order and file layout.
struct ParameterInfo {
    std::string name;  ///< "encoder.0.conv.0.weight"
    std::vector<std::int64_t>
        shape;                ///< out, in, (kd,) kh, kw; up-convolutions in, out, (kd,) kh, kw
    bool trained = true;      ///< false for running statistics
    std::int64_t fan_in = 0;  ///< weights: products that reach one output (section 3 of the paper)
    std::vector<std::int64_t> input_segments{};  ///< channels of each concatenated input
    bool up_convolution = false;                 ///< in x out instead of out x in
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
