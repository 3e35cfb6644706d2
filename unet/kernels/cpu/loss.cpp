#include "unet/kernels/loss.h"

#include <algorithm>

#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {
namespace {

constexpr double dice_epsilon = 1e-5;
constexpr std::int64_t max_classes = 256;

/// Pixels whose exponentials are computed together.
constexpr std::int64_t piece = 64;

/// Softmax of `count` pixels in double, p[class][piece], and log of the sum of exp(logits) of each.
void softmax(const Simd& simd, const ConstView& logits, const float* pixels, std::int64_t count,
             double* p, double* log_sums) {
    double largest[piece] = {};
    const std::int64_t whole = round_up(count, 8);  // what `simd` works on; zeros at the end
    for (std::int64_t c = 0; c < logits.channels; ++c) {
        const float* from = pixels + c / channel_block * logits.block_stride + c % channel_block;
        double* to = p + c * piece;
        for (std::int64_t x = 0; x < count; ++x)
            to[x] = static_cast<double>(from[x * channel_block]);
        std::fill(to + count, to + whole, 0.0);
        for (std::int64_t x = 0; x < count; ++x)
            largest[x] = c == 0 ? to[x] : std::max(largest[x], to[x]);
    }
    std::fill_n(log_sums, whole, 0.0);
    for (std::int64_t c = 0; c < logits.channels; ++c) {
        double* values = p + c * piece;
        for (std::int64_t x = 0; x < whole; ++x) values[x] -= largest[x];
        simd.exponentials(values, whole);
        for (std::int64_t x = 0; x < whole; ++x) log_sums[x] += values[x];
    }
    for (std::int64_t c = 0; c < logits.channels; ++c)
        for (std::int64_t x = 0; x < whole; ++x) p[c * piece + x] /= log_sums[x];
    simd.logarithms(log_sums, whole);
    for (std::int64_t x = 0; x < count; ++x) log_sums[x] += largest[x];
}

/// Sums of one row: weight, cross-entropy, then overlap and size per class.
struct Row {
    std::int64_t n, z, y, first;  // first: index of its first pixel in planar arrays
};

Row row_of(const ConstView& view, std::int64_t item) {
    return {item / view.size.height / view.size.depth, item / view.size.height % view.size.depth,
            item % view.size.height, item * view.size.width};
}

/// Leaves the probabilities where the gradient will stand, so they are computed once. `scratch`:
/// classes + 1 times `piece` doubles.
void add_row(const Simd& simd, const LossInput& in, const Row& row, const View& gradient,
             double* scratch, double* sums) {
    const std::int64_t classes = in.logits.channels, width = in.logits.size.width;
    double *overlap = sums + 2, *size = overlap + classes;
    double* p = scratch + piece;
    const float* pixels = in.logits.row(row.n, 0, row.z, row.y);
    float* kept = gradient.row(row.n, 0, row.z, row.y);
    for (std::int64_t first = 0; first < width; first += piece) {
        const std::int64_t count = std::min(piece, width - first);
        softmax(simd, in.logits, pixels + first * channel_block, count, p, scratch);
        for (std::int64_t x = first; x < first + count; ++x) {
            for (std::int64_t b = 0; b < gradient.blocks(); ++b)
                std::fill_n(kept + b * gradient.block_stride + x * channel_block, channel_block,
                            0.0f);
            const double weight = in.weights[row.first + x];
            const std::uint8_t target = in.targets[row.first + x];
            if (weight == 0.0) continue;
            const std::int64_t at = x * channel_block +
                                    target / channel_block * in.logits.block_stride +
                                    target % channel_block;
            sums[0] += weight;
            sums[1] += weight * (scratch[x - first] - static_cast<double>(pixels[at]));
            overlap[target] += p[target * piece + x - first];
            size[target] += 1.0;
            for (std::int64_t c = 0; c < classes; ++c) {
                const double value = p[c * piece + x - first];
                size[c] += value;
                kept[x * channel_block + c / channel_block * gradient.block_stride +
                     c % channel_block] = static_cast<float>(value);
            }
        }
    }
}

void write_row(const LossInput& in, const Row& row, const double* sums, const View& gradient) {
    double p[max_classes];
    // d dice / d p of a class where it is the target, and where it is not.
    double by_p[2][max_classes] = {};
    const double *overlap = sums + 2, *size = overlap + in.logits.channels;
    const double inverse = sums[0] > 0.0 ? 1.0 / sums[0] : 0.0;
    const double dice_factor = -in.dice_weight / (static_cast<double>(in.logits.channels) - 1.0);
    for (std::int64_t c = 1; c < in.logits.channels && in.dice_weight != 0.0; ++c) {
        const double below = size[c] + dice_epsilon, above = 2.0 * overlap[c] + dice_epsilon;
        for (const int hit : {0, 1})
            by_p[hit][c] = dice_factor * (2.0 * hit / below - above / (below * below));
    }
    float* out = gradient.row(row.n, 0, row.z, row.y);
    for (std::int64_t x = 0; x < in.logits.size.width; ++x, out += channel_block) {
        const double weight = in.weights[row.first + x];
        const std::uint8_t target = in.targets[row.first + x];
        if (weight == 0.0) continue;
        for (std::int64_t c = 0; c < in.logits.channels; ++c)
            p[c] = static_cast<double>(
                out[c / channel_block * gradient.block_stride + c % channel_block]);
        double mean = 0.0;
        for (std::int64_t c = 1; c < in.logits.channels; ++c) mean += p[c] * by_p[target == c][c];
        for (std::int64_t c = 0; c < in.logits.channels; ++c)
            out[c / channel_block * gradient.block_stride + c % channel_block] =
                static_cast<float>(weight * inverse * (p[c] - (target == c ? 1.0 : 0.0)) +
                                   p[c] * (by_p[target == c][c] - mean));
    }
}

}  // namespace

std::int64_t softmax_loss_workspace(std::int64_t classes, std::int64_t batch, const Size3& size) {
    return (batch * size.depth * size.height + 1) * (2 + 2 * classes) * 2;
}

LossValue softmax_loss(const Simd& simd, Context& context, const LossInput& in,
                       const View& gradient) {
    const std::int64_t rows = in.logits.batch * in.logits.size.depth * in.logits.size.height;
    const std::int64_t width = 2 + 2 * in.logits.channels;
    auto* sums = reinterpret_cast<double*>(context.workspace().data());
    std::fill_n(sums, (rows + 1) * width, 0.0);
    parallel_for(context, rows, [&](std::int64_t item, int thread) {
        add_row(simd, in, row_of(in.logits, item), gradient,
                reinterpret_cast<double*>(context.scratch(thread)), sums + item * width);
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
