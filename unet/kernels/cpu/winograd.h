#pragma once

#include "unet/kernels/convolution.h"
#include "unet/kernels/cpu/jobs.h"

namespace unet::kernels::cpu {

// 3x3 convolutions by Winograd F(4x4, 3x3) where that pays, direct ones elsewhere: the contracts of
// unet/kernels/convolution.h. Which of the two depends on kernel and channels alone.

void fast_convolution_forward(const Simd&, Context&, const ConvolutionGeometry&,
                              const Concat& input, const float* weight, const float* bias,
                              bool relu, const View& output);
bool fast_convolution_takes_planar(const ConvolutionGeometry&, std::int64_t in_channels);
bool fast_convolution_pools(const ConvolutionGeometry&, std::int64_t in_channels);
void fast_convolution_pool_forward(const Simd&, Context&, const ConvolutionGeometry&,
                                   const Concat& input, const float* weight, const float* bias,
                                   bool relu, const View& output, const View& pooled);
void fast_convolution_backward_data(const Simd&, Context&, const ConvolutionGeometry&,
                                    const ConstView& grad_output, const float* weight,
                                    const GradientTarget* targets, int count);
void fast_convolution_backward_weights(const Simd&, Context&, const ConvolutionGeometry&,
                                       const Concat& input, const ConstView& grad_output,
                                       float* grad_weight, float* grad_bias);
const char* fast_convolution_algorithm(const ConvolutionGeometry&, std::int64_t in_channels);
std::int64_t fast_convolution_workspace(const ConvolutionGeometry&, std::int64_t in_blocks,
                                        std::int64_t out_blocks, std::int64_t batch,
                                        const Size3& output, bool backward);

}  // namespace unet::kernels::cpu
