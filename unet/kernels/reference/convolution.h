#pragma once

// Plain loops: what "correct" means. Templates, so that tests can check gradients in double.

#include "unet/kernels/convolution.h"
#include "unet/kernels/weights.h"

namespace unet::kernels::reference {

/// Index of one weight in the stored order (convolution.h); `i` counts stored input channels.
template <class T = float>
std::int64_t weight_index(std::int64_t o, std::int64_t i, std::int64_t tap, std::int64_t in_blocks,
                          std::int64_t taps) {
    constexpr auto b = channel_block_of<T>;
    return ((o / b * in_blocks + i / b) * taps + tap) * b * b + place_in_block<T>(i % b, o % b);
}

/// Calls visit(part, first stored channel of the part) for every concatenated part.
template <class Part, class Visit>
void for_parts(const Part* parts, int count, Visit visit) {
    std::int64_t first = 0;
    for (int p = 0; p < count; ++p) {
        visit(parts[p], first);
        first += parts[p].blocks() * parts[p].block_size;
    }
}

/// Calls visit(n, z, y, x) for every pixel.
template <class Visit>
void for_pixels(std::int64_t batch, const Size3& size, Visit visit) {
    for (std::int64_t n = 0; n < batch; ++n)
        for (std::int64_t z = 0; z < size.depth; ++z)
            for (std::int64_t y = 0; y < size.height; ++y)
                for (std::int64_t x = 0; x < size.width; ++x) visit(n, z, y, x);
}

/// Calls visit(tap, dz, dy, dx) for every kernel position; offsets are relative to the output
/// pixel.
template <class Visit>
void for_taps(const ConvolutionGeometry& g, Visit visit) {
    std::int64_t tap = 0;
    for (std::int64_t kz = 0; kz < g.kernel.depth; ++kz)
        for (std::int64_t ky = 0; ky < g.kernel.height; ++ky)
            for (std::int64_t kx = 0; kx < g.kernel.width; ++kx, ++tap)
                visit(tap, kz - g.padding.depth, ky - g.padding.height, kx - g.padding.width);
}

template <class T>
void store(const BasicGradientTarget<T>& target, std::int64_t n, std::int64_t c, std::int64_t z,
           std::int64_t y, std::int64_t x, Plain<T> gradient) {
    if (target.activation)
        gradient =
            target.activation.at(n, c, z, y, x) > T(0) ? gradient * target.scale : Plain<T>(0);
    T& place = target.gradient.at(n, c, z, y, x);
    place = static_cast<T>(target.accumulate ? place + gradient : gradient);
}

template <class T>
void convolution_forward(Context&, const BasicConvolutionCall<T>& call) {
    const auto& input = std::get<BasicConcat<const T>>(call.source);
    const auto& output = std::get<BasicView<T>>(call.target);
    const auto in_blocks = input.blocks(), taps = call.geometry.taps();
    for_pixels(output.batch, output.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t o = 0; o < output.channels; ++o) {
            double sum = call.bias ? call.bias[o] : Plain<T>(0);
            for_parts(input.parts, input.count, [&](const BasicView<const T>& part, auto first) {
                for_taps(call.geometry, [&](auto tap, auto dz, auto dy, auto dx) {
                    for (std::int64_t i = 0; i < part.channels; ++i)
                        sum +=
                            double(
                                call.weight[weight_index<T>(o, first + i, tap, in_blocks, taps)]) *
                            part.at(n, i, z + dz, y + dy, x + dx);
                });
            });
            output.at(n, o, z, y, x) = call.relu && sum < 0.0 ? T(0) : static_cast<T>(sum);
        }
    });
}

template <class T>
void convolution_backward_data(Context&, const ConvolutionGeometry& g,
                               const BasicView<const T>& grad_output, const T* weight,
                               const BasicGradientTargets<T>& targets) {
    std::int64_t in_blocks = 0;
    for (int p = 0; p < targets.count; ++p) in_blocks += targets.parts[p].gradient.blocks();
    std::int64_t first = 0;
    for (int p = 0; p < targets.count; ++p) {
        const auto& target = targets.parts[p];
        if (target.gradient)
            for_pixels(target.gradient.batch, target.gradient.size,
                       [&](auto n, auto z, auto y, auto x) {
                           for (std::int64_t i = 0; i < target.gradient.channels; ++i) {
                               double sum = 0.0;
                               for_taps(g, [&](auto tap, auto dz, auto dy, auto dx) {
                                   for (std::int64_t o = 0; o < grad_output.channels; ++o)
                                       sum += double(weight[weight_index<T>(o, first + i, tap,
                                                                            in_blocks, g.taps())]) *
                                              grad_output.at(n, o, z - dz, y - dy, x - dx);
                               });
                               store(target, n, i, z, y, x, static_cast<Plain<T>>(sum));
                           }
                       });
        first += target.gradient.blocks() * target.gradient.block_size;
    }
}

template <class T>
void convolution_backward_weights(Context&, const ConvolutionGeometry& g,
                                  const BasicConcat<const T>& input,
                                  const BasicView<const T>& grad_output, Plain<T>* grad_weight,
                                  Plain<T>* grad_bias) {
    const auto in_blocks = input.blocks();
    for (std::int64_t o = 0; o < grad_output.channels; ++o) {
        double bias = 0.0;
        for_pixels(grad_output.batch, grad_output.size,
                   [&](auto n, auto z, auto y, auto x) { bias += grad_output.at(n, o, z, y, x); });
        if (grad_bias) grad_bias[o] = static_cast<Plain<T>>(bias);
        for_parts(input.parts, input.count, [&](const BasicView<const T>& part, auto first) {
            for_taps(g, [&](auto tap, auto dz, auto dy, auto dx) {
                for (std::int64_t i = 0; i < part.channels; ++i) {
                    double sum = 0.0;
                    for_pixels(grad_output.batch, grad_output.size,
                               [&](auto n, auto z, auto y, auto x) {
                                   sum += double(grad_output.at(n, o, z, y, x)) *
                                          part.at(n, i, z + dz, y + dy, x + dx);
                               });
                    grad_weight[weight_index<T>(o, first + i, tap, in_blocks, g.taps())] =
                        static_cast<Plain<T>>(sum);
                }
            });
        });
    }
}

}  // namespace unet::kernels::reference
