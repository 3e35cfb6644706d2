#pragma once

#include <algorithm>
#include <vector>

#include "unet/core/math.h"
#include "unet/kernels/loss.h"
#include "unet/kernels/reference/convolution.h"

namespace unet::kernels::reference {

inline constexpr double dice_epsilon = 1e-5;

/// Softmax of one pixel in double; returns log of the sum of exp(logits).
template <class T>
double softmax(const BasicView<const T>& logits, std::int64_t n, std::int64_t z, std::int64_t y,
               std::int64_t x, std::vector<double>& p) {
    double largest = logits.at(n, 0, z, y, x), sum = 0.0;
    for (std::int64_t c = 1; c < logits.channels; ++c)
        largest = std::max(largest, double(logits.at(n, c, z, y, x)));
    for (std::int64_t c = 0; c < logits.channels; ++c)
        sum += p[c] = exp_of(logits.at(n, c, z, y, x) - largest);
    for (double& value : p) value /= sum;
    return largest + log_of(sum);
}

template <class T>
LossValue softmax_loss(Context&, const BasicLossInput<T>& input, const BasicView<T>& gradient) {
    const auto& logits = input.logits;
    const std::uint8_t* targets = input.targets;
    const float* weights = input.weights;
    const auto classes = static_cast<std::size_t>(logits.channels);
    std::vector<double> p(classes), overlap(classes), size(classes);  // size: sum v p + sum v t
    const auto index = [&](auto n, auto z, auto y, auto x) {
        return ((n * logits.size.depth + z) * logits.size.height + y) * logits.size.width + x;
    };
    double total_weight = 0.0, cross_entropy = 0.0;
    for_pixels(logits.batch, logits.size, [&](auto n, auto z, auto y, auto x) {
        const auto k = index(n, z, y, x);
        if (weights[k] == 0.0f) return;
        total_weight += weights[k];
        const double log_sum = softmax(logits, n, z, y, x, p);
        cross_entropy += weights[k] * (log_sum - logits.at(n, targets[k], z, y, x));
        for (std::size_t c = 0; c < classes; ++c) size[c] += p[c];
        overlap[targets[k]] += p[targets[k]];
        size[targets[k]] += 1.0;
    });
    LossValue value;
    const double inverse = total_weight > 0.0 ? 1.0 / total_weight : 0.0;
    value.cross_entropy = cross_entropy * inverse;
    const double foreground = double(classes) - 1.0;
    double mean_dice = 0.0;
    for (std::size_t c = 1; c < classes; ++c)
        mean_dice += (2.0 * overlap[c] + dice_epsilon) / (size[c] + dice_epsilon) / foreground;
    value.dice = total_weight > 0.0 ? 1.0 - mean_dice : 0.0;
    value.total = value.cross_entropy + input.dice_weight * value.dice;

    std::vector<double> by_p(classes);  // d dice / d p_c of this pixel
    for_pixels(logits.batch, logits.size, [&](auto n, auto z, auto y, auto x) {
        const auto k = index(n, z, y, x);
        for (std::int64_t c = 0; c < logits.blocks() * logits.block_size; ++c)
            gradient.at(n, c, z, y, x) = T(0);
        if (weights[k] == 0.0f) return;
        softmax(logits, n, z, y, x, p);
        double mean = 0.0;
        for (std::size_t c = 1; c < classes; ++c) {
            const double below = size[c] + dice_epsilon, above = 2.0 * overlap[c] + dice_epsilon;
            by_p[c] = -input.dice_weight / foreground *
                      ((targets[k] == c ? 2.0 : 0.0) / below - above / (below * below));
            mean += p[c] * by_p[c];
        }
        for (std::size_t c = 0; c < classes; ++c)
            gradient.at(n, static_cast<std::int64_t>(c), z, y, x) =
                static_cast<T>(weights[k] * inverse * (p[c] - (targets[k] == c ? 1.0 : 0.0)) +
                               p[c] * (by_p[c] - mean));
    });
    return value;
}

}  // namespace unet::kernels::reference
