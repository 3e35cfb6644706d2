#pragma once

#include "unet/kernels/convolution.h"
#include "unet/kernels/cpu/jobs.h"

namespace unet::kernels::cpu {

// The contracts of unet/kernels/convolution.h, carried out by one instruction set's functions.

void convolution_forward(const Simd&, Context&, const ConvolutionGeometry&, const Concat& input,
                         const float* weight, const float* bias, bool relu, const View& output);
bool suits_planar_source(const ConvolutionGeometry&, std::int64_t in_channels);
void convolution_from_planar(const Simd&, Context&, const ConvolutionGeometry&, const float* host,
                             const Shape& shape, const float* weight, const float* bias, bool relu,
                             const View& output);
bool suits_planar_target(const ConvolutionGeometry&, std::int64_t in_channels,
                         std::int64_t out_channels);
void convolution_to_planar(const Simd&, Context&, const ConvolutionGeometry&,
                           const ConstView& input, const float* weight, const float* bias,
                           bool relu, float* host, std::int64_t channels);
void convolution_backward_data(const Simd&, Context&, const ConvolutionGeometry&,
                               const ConstView& grad_output, const float* weight,
                               const GradientTarget* targets, int count);
void convolution_backward_weights(const Simd&, Context&, const ConvolutionGeometry&,
                                  const Concat& input, const ConstView& grad_output,
                                  float* grad_weight, float* grad_bias);
std::int64_t convolution_workspace(const ConvolutionGeometry&, std::int64_t in_blocks,
                                   std::int64_t out_blocks, std::int64_t batch, const Size3& output,
                                   bool backward);

void up_convolution_forward(const Simd&, Context&, const Size3& stride, const ConstView& input,
                            const float* weight, const float* bias, bool relu, const View& output);
void up_convolution_backward_data(const Simd&, Context&, const Size3& stride,
                                  const ConstView& grad_output, const float* weight,
                                  const GradientTarget& target);
void up_convolution_backward_weights(const Simd&, Context&, const Size3& stride,
                                     const ConstView& input, const ConstView& grad_output,
                                     float* grad_weight, float* grad_bias);
std::int64_t up_convolution_workspace(const Size3& stride, std::int64_t in_blocks,
                                      std::int64_t out_blocks, std::int64_t batch,
                                      const Size3& input);

}  // namespace unet::kernels::cpu
