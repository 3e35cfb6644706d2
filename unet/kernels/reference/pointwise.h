#pragma once

// Max-pooling, batch norm, dropout and the change of layout, as plain loops.

#include <cmath>

#include "unet/core/random.h"
#include "unet/kernels/batch_norm.h"
#include "unet/kernels/dropout.h"
#include "unet/kernels/planar.h"
#include "unet/kernels/reference/convolution.h"
#include "unet/kernels/reference/up_convolution.h"

namespace unet::kernels::reference {

template <class T>
void max_pool_forward(Context&, const Size3& s, const BasicView<const T>& input,
                      const BasicView<T>& output) {
    for_pixels(output.batch, output.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < output.channels; ++c) {
            T best = input.at(n, c, z * s.depth, y * s.height, x * s.width);
            for_phases(s, [&](auto, auto a, auto b, auto d) {
                const T value = input.at(n, c, z * s.depth + a, y * s.height + b, x * s.width + d);
                if (value > best) best = value;
            });
            output.at(n, c, z, y, x) = best;
        }
    });
}

template <class T>
void max_pool_backward(Context&, const Size3& s, const BasicView<const T>& input,
                       const BasicView<const T>& output, const BasicView<const T>& grad_output,
                       const BasicGradientTarget<T>& target) {
    if (!target.accumulate)
        for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
            for (std::int64_t c = 0; c < input.channels; ++c)
                target.gradient.at(n, c, z, y, x) = T(0);
        });
    auto add = target;
    add.accumulate = true;
    for_pixels(output.batch, output.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < output.channels; ++c) {
            bool given = false;
            for_phases(s, [&](auto, auto a, auto b, auto d) {
                const auto iz = z * s.depth + a, iy = y * s.height + b, ix = x * s.width + d;
                if (given || input.at(n, c, iz, iy, ix) != output.at(n, c, z, y, x)) return;
                given = true;
                store<T>(add, n, c, iz, iy, ix, grad_output.at(n, c, z, y, x));
            });
        }
    });
}

/// Mean and biased variance of one channel over batch and pixels.
template <class T>
void channel_statistics(const BasicView<const T>& input, std::int64_t c, double& mean,
                        double& variance) {
    const double count = double(input.batch * input.size.elements());
    mean = variance = 0.0;
    for_pixels(input.batch, input.size,
               [&](auto n, auto z, auto y, auto x) { mean += input.at(n, c, z, y, x); });
    mean /= count;
    for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
        const double d = input.at(n, c, z, y, x) - mean;
        variance += d * d;
    });
    variance /= count;
}

template <class T>
void batch_norm_affine(const BasicView<const T>& input, std::int64_t c, double mean,
                       double inverse_std, double scale, double shift, bool relu,
                       const BasicView<T>& output) {
    for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
        const double value = (input.at(n, c, z, y, x) - mean) * inverse_std * scale + shift;
        output.at(n, c, z, y, x) = relu && value < 0.0 ? T(0) : static_cast<T>(value);
    });
}

template <class T>
void batch_norm_forward(Context&, const BasicView<const T>& input,
                        const BasicBatchNorm<Plain<T>>& p, bool relu, const BasicView<T>& output) {
    const double count = double(input.batch * input.size.elements());
    for (std::int64_t c = 0; c < input.channels; ++c) {
        double mean, variance;
        channel_statistics(input, c, mean, variance);
        const double inverse_std = 1.0 / std::sqrt(variance + double(batch_norm_epsilon));
        p.mean[c] = static_cast<Plain<T>>(mean);
        p.inverse_std[c] = static_cast<Plain<T>>(inverse_std);
        const double m = double(batch_norm_momentum);
        const double unbiased = count > 1.0 ? variance * count / (count - 1.0) : variance;
        p.running_mean[c] = static_cast<Plain<T>>((1.0 - m) * p.running_mean[c] + m * mean);
        p.running_variance[c] =
            static_cast<Plain<T>>((1.0 - m) * p.running_variance[c] + m * unbiased);
        batch_norm_affine(input, c, mean, inverse_std, p.scale[c], p.shift[c], relu, output);
    }
}

template <class T>
void batch_norm_apply(Context&, const BasicView<const T>& input,
                      const BasicAppliedBatchNorm<Plain<T>>& p, bool relu,
                      const BasicView<T>& output) {
    for (std::int64_t c = 0; c < input.channels; ++c)
        batch_norm_affine(
            input, c, double(p.running_mean[c]),
            1.0 / std::sqrt(double(p.running_variance[c]) + double(batch_norm_epsilon)),
            double(p.scale[c]), double(p.shift[c]), relu, output);
}

template <class T>
void batch_norm_backward(Context&, const BasicView<const T>& input,
                         const BasicBatchNorm<Plain<T>>& p, const BasicView<T>& gradient,
                         Plain<T>* grad_scale, Plain<T>* grad_shift) {
    const double count = double(input.batch * input.size.elements());
    for (std::int64_t c = 0; c < input.channels; ++c) {
        const double mean = p.mean[c], inverse_std = p.inverse_std[c];
        double sum = 0.0, product = 0.0;  // of g, and of g times the normalised input
        for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
            const double g = gradient.at(n, c, z, y, x);
            sum += g;
            product += g * (input.at(n, c, z, y, x) - mean) * inverse_std;
        });
        grad_shift[c] = static_cast<Plain<T>>(sum);
        grad_scale[c] = static_cast<Plain<T>>(product);
        for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
            const double normalised = (input.at(n, c, z, y, x) - mean) * inverse_std;
            T& g = gradient.at(n, c, z, y, x);
            g = static_cast<T>(p.scale[c] * inverse_std *
                               (g - sum / count - normalised * product / count));
        });
    }
}

template <class T>
void dropout_forward(Context&, const DropoutDraw& draw, const BasicView<T>& values) {
    const auto scale = static_cast<Plain<T>>(1.0 / (1.0 - draw.probability));
    // A value is dropped if its 32 random bits lie below this bound.
    const auto bound = static_cast<std::uint32_t>(draw.probability * 0x1p32);
    for (std::int64_t n = 0; n < values.batch; ++n)
        for (std::int64_t c = 0; c < values.channels; ++c) {
            // One stream per plane of a sample: four values share a Philox block.
            const auto plane = static_cast<std::uint32_t>(n * values.channels + c);
            std::array<std::uint32_t, 4> words{};
            std::int64_t index = 0;
            for_pixels(1, values.size, [&](auto, auto z, auto y, auto x) {
                if (index % 4 == 0)
                    words =
                        philox(draw.seed,
                               {static_cast<std::uint32_t>(index / 4), plane, draw.step,
                                static_cast<std::uint32_t>(Purpose::dropout) | (draw.layer << 8)});
                T& value = values.at(n, c, z, y, x);
                value = words[index % 4] < bound ? T(0) : static_cast<T>(value * scale);
                ++index;
            });
        }
}

template <class T>
std::int64_t host_place(const BasicView<T>& tensor, HostRows rows, std::int64_t n, std::int64_t c,
                        std::int64_t z, std::int64_t y, std::int64_t x) {
    const Size3& size = tensor.size;
    return (((n * tensor.channels + c) * size.depth + z) * rows.height + rows.first + y) *
               size.width +
           x;
}

template <class T>
void from_planar(Context&, const Plain<T>* host, HostRows rows, const BasicView<T>& tensor) {
    for_pixels(tensor.batch, tensor.size, [&](auto n, auto z, auto y, auto x) {
        const bool inside = rows.first + y >= 0 && rows.first + y < rows.height;
        for (std::int64_t c = 0; c < tensor.blocks() * tensor.block_size; ++c)
            tensor.at(n, c, z, y, x) =
                inside && c < tensor.channels
                    ? static_cast<T>(host[host_place(tensor, rows, n, c, z, y, x)])
                    : T(0);
    });
}

template <class T>
void to_planar(Context&, const BasicView<const T>& tensor, HostRows rows, Plain<T>* host) {
    for_pixels(tensor.batch, tensor.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < tensor.channels; ++c)
            host[host_place(tensor, rows, n, c, z, y, x)] = tensor.at(n, c, z, y, x);
    });
}

}  // namespace unet::kernels::reference
