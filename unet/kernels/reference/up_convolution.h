#pragma once

#include "unet/kernels/reference/convolution.h"

namespace unet::kernels::reference {

/// Index of one weight in the stored order of an up-convolution (convolution.h).
template <class T = float>
std::int64_t up_weight_index(std::int64_t tap, std::int64_t o, std::int64_t i,
                             std::int64_t out_blocks, std::int64_t in_blocks) {
    constexpr auto b = channel_block_of<T>;
    return ((tap * out_blocks + o / b) * in_blocks + i / b) * b * b +
           place_in_block<T>(i % b, o % b);
}

/// Calls visit(tap, a, b, c) for every position inside a stride.
template <class Visit>
void for_phases(const Size3& stride, Visit visit) {
    std::int64_t tap = 0;
    for (std::int64_t a = 0; a < stride.depth; ++a)
        for (std::int64_t b = 0; b < stride.height; ++b)
            for (std::int64_t c = 0; c < stride.width; ++c, ++tap) visit(tap, a, b, c);
}

template <class T>
void up_convolution_forward(Context&, const Size3& s, const BasicView<const T>& input,
                            const T* weight, const Plain<T>* bias, bool relu,
                            const BasicView<T>& output) {
    for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
        for_phases(s, [&](auto tap, auto a, auto b, auto c) {
            for (std::int64_t o = 0; o < output.channels; ++o) {
                double sum = bias ? bias[o] : Plain<T>(0);
                for (std::int64_t i = 0; i < input.channels; ++i)
                    sum += double(weight[up_weight_index<T>(tap, o, i, output.blocks(),
                                                            input.blocks())]) *
                           input.at(n, i, z, y, x);
                output.at(n, o, z * s.depth + a, y * s.height + b, x * s.width + c) =
                    relu && sum < 0.0 ? T(0) : static_cast<T>(sum);
            }
        });
    });
}

template <class T>
void up_convolution_backward_data(Context&, const Size3& s, const BasicView<const T>& grad_output,
                                  const T* weight, const BasicGradientTarget<T>& target) {
    const auto& grad_input = target.gradient;
    for_pixels(grad_input.batch, grad_input.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t i = 0; i < grad_input.channels; ++i) {
            double sum = 0.0;
            for_phases(s, [&](auto tap, auto a, auto b, auto c) {
                for (std::int64_t o = 0; o < grad_output.channels; ++o)
                    sum += double(weight[up_weight_index<T>(tap, o, i, grad_output.blocks(),
                                                            grad_input.blocks())]) *
                           grad_output.at(n, o, z * s.depth + a, y * s.height + b, x * s.width + c);
            });
            store(target, n, i, z, y, x, static_cast<Plain<T>>(sum));
        }
    });
}

template <class T>
void up_convolution_backward_weights(Context&, const Size3& s, const BasicView<const T>& input,
                                     const BasicView<const T>& grad_output, Plain<T>* grad_weight,
                                     Plain<T>* grad_bias) {
    for (std::int64_t o = 0; o < grad_output.channels; ++o) {
        double bias = 0.0;
        for_pixels(grad_output.batch, grad_output.size,
                   [&](auto n, auto z, auto y, auto x) { bias += grad_output.at(n, o, z, y, x); });
        if (grad_bias) grad_bias[o] = static_cast<Plain<T>>(bias);
        for_phases(s, [&](auto tap, auto a, auto b, auto c) {
            for (std::int64_t i = 0; i < input.channels; ++i) {
                double sum = 0.0;
                for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
                    sum += double(input.at(n, i, z, y, x)) *
                           grad_output.at(n, o, z * s.depth + a, y * s.height + b, x * s.width + c);
                });
                grad_weight[up_weight_index<T>(tap, o, i, grad_output.blocks(), input.blocks())] =
                    static_cast<Plain<T>>(sum);
            }
        });
    }
}

}  // namespace unet::kernels::reference
