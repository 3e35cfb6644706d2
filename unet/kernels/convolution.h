#pragma once

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
/// exist; `in` counts the blocks of all concatenated parts. Biases: [out/16][16].
///
/// Every function works on views whose frame of zeros is at least as wide as it reads: forward and
/// backward_weights `padding` around the inputs, backward_data `kernel - 1 - padding` around
/// grad_output. Frames are read only. The value of an output pixel is a sum in an order that
/// depends on the channels and the kernel alone, never on sizes, position or threads.

/// output = [relu](bias + sum over in, tap of weight * input).
using ConvolutionForward = void(Context&, const ConvolutionGeometry&, const Concat& input,
                                const float* weight, const float* bias, bool relu,
                                const View& output);

/// The same, followed by 2x2 max-pooling: `pooled` gets the maxima of the whole result, whose
/// height and width are even; `output` its middle, of the output's own size: what a skip connection
/// reads.
using ConvolutionPoolForward = void(Context&, const ConvolutionGeometry&, const Concat& input,
                                    const float* weight, const float* bias, bool relu,
                                    const View& output, const View& pooled);
/// The function for a convolution of so many input channels, or null: then there is no such way.
using ConvolutionPooling = ConvolutionPoolForward*(const ConvolutionGeometry&,
                                                   std::int64_t in_channels);

/// from_planar (planar.h) and ConvolutionForward at once, with the same bits: a network's first
/// convolution, of pictures as the host has them, planar N, C, D, H, W.
using ConvolutionFromPlanar = void(Context&, const ConvolutionGeometry&, const float* host,
                                   const Shape& shape, const float* weight, const float* bias,
                                   bool relu, const View& output);
/// ConvolutionForward and to_planar at once, with the same bits: the last one, to logits as the
/// host wants them, planar N, `channels`, D, H, W.
using ConvolutionToPlanar = void(Context&, const ConvolutionGeometry&, const ConstView& input,
                                 const float* weight, const float* bias, bool relu, float* host,
                                 std::int64_t channels);
/// The functions for so many channels, or null: then there is no such way.
using FirstConvolution = ConvolutionFromPlanar*(const ConvolutionGeometry&,
                                                std::int64_t in_channels);
using LastConvolution = ConvolutionToPlanar*(const ConvolutionGeometry&, std::int64_t in_channels,
                                             std::int64_t out_channels);

/// Gradient of the inputs: sum over out, tap of weight * grad_output, through each target's
/// activation. One target per part of the concatenation; an empty gradient view is skipped.
/// Needs workspace.
using ConvolutionBackwardData = void(Context&, const ConvolutionGeometry&,
                                     const ConstView& grad_output, const float* weight,
                                     const GradientTarget* targets, int count);

/// Gradient of weight and bias: sums over batch and pixels of input * grad_output. Overwrites.
/// Needs workspace.
using ConvolutionBackwardWeights = void(Context&, const ConvolutionGeometry&, const Concat& input,
                                        const ConstView& grad_output, float* grad_weight,
                                        float* grad_bias);

/// Floats of Context::workspace that the forward function needs for these sizes; with `backward`,
/// what all three need.
using ConvolutionWorkspace = std::int64_t(const ConvolutionGeometry&, std::int64_t in_blocks,
                                          std::int64_t out_blocks, std::int64_t batch,
                                          const Size3& output, bool backward);

/// "direct" or "winograd": what computes the forward pass of a convolution whose first input has so
/// many channels.
using ConvolutionAlgorithm = const char*(const ConvolutionGeometry&, std::int64_t in_channels);

/// Up-convolution, kernel = stride = {kd, kh, kw} (2x2 in the paper's figure 1):
/// output[o, s y + a, s x + b] = [relu](bias[o] + sum over i of weight[a, b, o, i] * input[i, y,
/// x]). Weights are stored [kd][kh][kw][out/16][in/16][16 in][16 out].
using UpConvolutionForward = void(Context&, const Size3& stride, const ConstView& input,
                                  const float* weight, const float* bias, bool relu,
                                  const View& output);
using UpConvolutionBackwardData = void(Context&, const Size3& stride, const ConstView& grad_output,
                                       const float* weight, const GradientTarget& target);
using UpConvolutionBackwardWeights = void(Context&, const Size3& stride, const ConstView& input,
                                          const ConstView& grad_output, float* grad_weight,
                                          float* grad_bias);
/// Floats of workspace for the two above; `input` is the smaller picture.
using UpConvolutionWorkspace = std::int64_t(const Size3& stride, std::int64_t in_blocks,
                                            std::int64_t out_blocks, std::int64_t batch,
                                            const Size3& input);

}  // namespace unet::kernels
