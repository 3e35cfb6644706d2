#include "unet/kernels/loss.h"

#include <algorithm>

#include "unet/core/math.h"
#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {
namespace {

constexpr double dice_epsilon = 1e-5;
constexpr std::int64_t max_classes = 256;

/// Softmax of one pixel in double; returns log of the sum of exp(logits).
double softmax(const ConstView& logits, const float* pixel, double* p) {
    const auto at = [&](std::int64_t c) {
        return static_cast<double>(
            pixel[c / channel_block * logits.block_stride + c % channel_block]);
    };
    double largest = at(0), sum = 0.0;
    for (std::int64_t c = 1; c < logits.channels; ++c) largest = std::max(largest, at(c));
    for (std::int64_t c = 0; c < logits.channels; ++c) {
        // The largest term is e^0: with two classes half of the exponentials are free.
        const double value = at(c) - largest;
        sum += p[c] = value == 0.0 ? 1.0 : exp_of(value);
    }
    for (std::int64_t c = 0; c < logits.channels; ++c) p[c] /= sum;
    return largest + log_of(sum);
}

/// Sums of one row: weight, cross-entropy, then overlap and size per class.
struct Row {
    std::int64_t n, z, y, first;  // first: index of its first pixel in planar arrays
};

Row row_of(const ConstView& view, std::int64_t item) {
    return {item / view.size.height / view.size.depth, item / view.size.height % view.size.depth,
            item % view.size.height, item * view.size.width};
}

/// Leaves the probabilities where the gradient will stand, so they are computed once.
void add_row(const LossInput& in, const Row& row, const View& gradient, double* sums) {
    double p[max_classes];
    float* kept = gradient.row(row.n, 0, row.z, row.y);
    for (std::int64_t b = 0; b < gradient.blocks(); ++b)
        std::fill_n(kept + b * gradient.block_stride, gradient.size.width * channel_block, 0.0f);
    double *overlap = sums + 2, *size = overlap + in.logits.channels;
    const float* pixel = in.logits.row(row.n, 0, row.z, row.y);
    for (std::int64_t x = 0; x < in.logits.size.width;
         ++x, pixel += channel_block, kept += channel_block) {
        const double weight = in.weights[row.first + x];
        const std::uint8_t target = in.targets[row.first + x];
        if (weight == 0.0) continue;
        const double log_sum = softmax(in.logits, pixel, p);
        sums[0] += weight;
        sums[1] +=
            weight *
            (log_sum -
             static_cast<double>(
                 pixel[target / channel_block * in.logits.block_stride + target % channel_block]));
        overlap[target] += p[target];
        size[target] += 1.0;
        for (std::int64_t c = 0; c < in.logits.channels; ++c) {
            size[c] += p[c];
            kept[c / channel_block * gradient.block_stride + c % channel_block] =
                static_cast<float>(p[c]);
        }
    }
}

void write_row(const LossInput& in, const Row& row, const double* sums, const View& gradient) {
    double p[max_classes], by_p[max_classes] = {};
    const double *overlap = sums + 2, *size = overlap + in.logits.channels;
    const double inverse = sums[0] > 0.0 ? 1.0 / sums[0] : 0.0;
    const double dice_factor = -in.dice_weight / (static_cast<double>(in.logits.channels) - 1.0);
    float* out = gradient.row(row.n, 0, row.z, row.y);
    for (std::int64_t x = 0; x < in.logits.size.width; ++x, out += channel_block) {
        const double weight = in.weights[row.first + x];
        const std::uint8_t target = in.targets[row.first + x];
        if (weight == 0.0) continue;
        for (std::int64_t c = 0; c < in.logits.channels; ++c)
            p[c] = static_cast<double>(
                out[c / channel_block * gradient.block_stride + c % channel_block]);
        double mean = 0.0;
        if (in.dice_weight != 0.0)
            for (std::int64_t c = 1; c < in.logits.channels; ++c) {
                const double below = size[c] + dice_epsilon;
                const double above = 2.0 * overlap[c] + dice_epsilon;
                by_p[c] =
                    dice_factor * ((target == c ? 2.0 : 0.0) / below - above / (below * below));
                mean += p[c] * by_p[c];
            }
        for (std::int64_t c = 0; c < in.logits.channels; ++c)
            out[c / channel_block * gradient.block_stride + c % channel_block] = static_cast<float>(
                weight * inverse * (p[c] - (target == c ? 1.0 : 0.0)) + p[c] * (by_p[c] - mean));
    }
}

}  // namespace

std::int64_t softmax_loss_workspace(std::int64_t classes, std::int64_t batch, const Size3& size) {
    return (batch * size.depth * size.height + 1) * (2 + 2 * classes) * 2;
}

LossValue softmax_loss(Context& context, const LossInput& in, const View& gradient) {
    const std::int64_t rows = in.logits.batch * in.logits.size.depth * in.logits.size.height;
    const std::int64_t width = 2 + 2 * in.logits.channels;
    auto* sums = reinterpret_cast<double*>(context.workspace().data());
    std::fill_n(sums, (rows + 1) * width, 0.0);
    parallel_for(context, rows, [&](std::int64_t item, int) {
        add_row(in, row_of(in.logits, item), gradient, sums + item * width);
    });
    double* total = sums + rows * width;
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t k = 0; k < width; ++k) total[k] += sums[row * width + k];
    parallel_for(context, rows, [&](std::int64_t item, int) {
        write_row(in, row_of(in.logits, item), total, gradient);
    });

    LossValue value;
    if (total[0] <= 0.0) return value;
    value.cross_entropy = total[1] / total[0];
    double mean_dice = 0.0;
    for (std::int64_t c = 1; c < in.logits.channels; ++c)
        mean_dice += (2.0 * total[2 + c] + dice_epsilon) /
                     (total[2 + in.logits.channels + c] + dice_epsilon) /
                     (static_cast<double>(in.logits.channels) - 1.0);
    value.dice = 1.0 - mean_dice;
    value.total = value.cross_entropy + in.dice_weight * value.dice;
    return value;
}

}  // namespace unet::kernels::cpu
