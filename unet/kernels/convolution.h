#pragma once

#include <variant>

#include "unet/core/context.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Geometry of a stride-1 convolution: output size = input size + 2 padding - kernel + 1.
struct ConvolutionGeometry {
    Size3 kernel{1, 3, 3};
    Size3 padding{0, 0, 0};

    std::int64_t taps() const { return kernel.elements(); }
};

/// Weights are stored [out/16][in/16][kd][kh][kw][16 in][16 out], zero where a channel does not
/// exist; `in` counts the blocks of all concatenated parts. Biases: [out/16][16]. In bfloat16
/// blocks have 32 channels, and those of weights are ordered as AMX tiles read them
/// (place_in_block).
///
/// Every function works on views whose frame of zeros is at least as wide as it reads: forward and
/// backward_weights `padding` around the inputs, backward_data `kernel - 1 - padding` around
/// grad_output. Frames are read only. The value of an output pixel is a sum in an order that
/// depends on the channels and the kernel alone, never on sizes, position or threads.

/// What decides how a convolution is computed: known when a plan is made, before there is memory.
/// Sizes, tiles and threads take no part, so they never change a bit.
struct ConvolutionShape {
    ConvolutionGeometry geometry{};
    std::int64_t in[2] = {0, 0};  ///< channels of each part of the source
    std::int64_t out = 0;         ///< channels of the target
    Size3 pool{1, 1, 1};          ///< as in the call
    bool planar_source = false, planar_target = false;

    std::int64_t in_blocks() const { return blocks_of(in[0]) + blocks_of(in[1]); }
};

/// target = [relu](bias + sum over in, tap of weight * source). The source is a tensor of the
/// network or, at its beginning, images as the host has them, with zeros all around; the target is
/// a tensor or, at its end, logits as the host wants them. The bits are the same.
template <class T>
struct BasicConvolutionCall {
    using Source = std::variant<BasicConcat<const T>, BasicPlanar<const Plain<T>>>;
    using Target = std::variant<BasicView<T>, BasicPlanar<Plain<T>>>;

    ConvolutionGeometry geometry{};
    Source source{};
    Weights<T> weight = nullptr;
    const Plain<T>* bias = nullptr;  ///< may be null
    bool relu = false;
    Target target{};
    /// Window of a max-pooling that is done along; {1, 1, 1}: none. `pooled` gets the maxima of the
    /// whole result, whose size is a multiple of the window; `target` its middle, of the target's
    /// own size: what a skip connection reads.
    Size3 pool{1, 1, 1};
    BasicView<T> pooled{};

    operator BasicConvolutionCall<std::byte>() const requires(!is_opaque<T>) {
        BasicConvolutionCall<std::byte> call{
            .geometry = geometry, .weight = weight, .bias = bias, .relu = relu, .pool = pool};
        std::visit([&](const auto& from) { call.source = from; }, source);
        std::visit([&](const auto& to) { call.target = to; }, target);
        call.pooled = pooled;
        return call;
    }

    ConvolutionShape shape() const {
        ConvolutionShape shape{.geometry = geometry, .pool = pool};
        if (const auto* images = std::get_if<BasicPlanar<const Plain<T>>>(&source)) {
            shape.planar_source = true;
            shape.in[0] = images->shape.channels;
        } else {
            const auto& parts = std::get<BasicConcat<const T>>(source);
            for (int p = 0; p < parts.count; ++p) shape.in[p] = parts.parts[p].channels;
        }
        const auto* logits = std::get_if<BasicPlanar<Plain<T>>>(&target);
        shape.planar_target = logits != nullptr;
        shape.out = logits ? logits->shape.channels : std::get<BasicView<T>>(target).channels;
        return shape;
    }
};

using ConvolutionCall = BasicConvolutionCall<float>;
using AnyConvolutionCall = BasicConvolutionCall<std::byte>;

/// One way to compute convolutions, which may decline.
struct ConvolutionCandidate {
    const char* name;  ///< of the algorithm: "direct", "winograd"
    bool (*supports)(const ConvolutionShape&);
    /// For a call whose shape it supports, with workspace as ConvolutionWorkspace says.
    void (*run)(Context&, const AnyConvolutionCall&);
};

// Contracts are templates of the element type: kernels are written for one, and the table holds
// them with bytes (opaque.h).

/// Gradient of the inputs: sum over out, tap of weight * grad_output, through each target's
/// activation. One target per part of the concatenation; an empty gradient view is skipped.
/// Needs workspace.
template <class T>
using BasicConvolutionBackwardData = void(Context&, const ConvolutionGeometry&,
                                          const BasicView<const T>& grad_output, Weights<T> weight,
                                          const BasicGradientTargets<T>& targets);
using ConvolutionBackwardData = BasicConvolutionBackwardData<float>;

/// Gradient of weight and bias: sums over batch and pixels of input * grad_output. Overwrites.
/// Needs workspace.
template <class T>
using BasicConvolutionBackwardWeights = void(Context&, const ConvolutionGeometry&,
                                             const BasicConcat<const T>& input,
                                             const BasicView<const T>& grad_output,
                                             Plain<T>* grad_weight, Plain<T>* grad_bias);
using ConvolutionBackwardWeights = BasicConvolutionBackwardWeights<float>;

/// Floats of Context::workspace that a convolution to an output of this size needs; with
/// `backward`, what all three functions need.
using ConvolutionWorkspace = std::int64_t(const ConvolutionShape&, std::int64_t batch,
                                          const Size3& output, bool backward);

/// Up-convolution, kernel = stride = {kd, kh, kw} (2x2 in the paper's figure 1):
/// output[o, s y + a, s x + b] = [relu](bias[o] + sum over i of weight[a, b, o, i] * input[i, y,
/// x]). Weights are stored [kd][kh][kw][out/16][in/16][16 in][16 out].
template <class T>
using BasicUpConvolutionForward = void(Context&, const Size3& stride,
                                       const BasicView<const T>& input, Weights<T> weight,
                                       const Plain<T>* bias, bool relu, const BasicView<T>& output);
using UpConvolutionForward = BasicUpConvolutionForward<float>;
template <class T>
using BasicUpConvolutionBackwardData = void(Context&, const Size3& stride,
                                            const BasicView<const T>& grad_output,
                                            Weights<T> weight,
                                            const BasicGradientTarget<T>& target);
using UpConvolutionBackwardData = BasicUpConvolutionBackwardData<float>;
template <class T>
using BasicUpConvolutionBackwardWeights = void(Context&, const Size3& stride,
                                               const BasicView<const T>& input,
                                               const BasicView<const T>& grad_output,
                                               Plain<T>* grad_weight, Plain<T>* grad_bias);
using UpConvolutionBackwardWeights = BasicUpConvolutionBackwardWeights<float>;
/// Floats of workspace for the two above; `input` is the smaller image.
using UpConvolutionWorkspace = std::int64_t(const Size3& stride, std::int64_t in_blocks,
                                            std::int64_t out_blocks, std::int64_t batch,
                                            const Size3& input);

}  // namespace unet::kernels
