#include <algorithm>
#include <cmath>

#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {
namespace {

constexpr std::int64_t rows_per_item = 32;
constexpr std::int64_t item_doubles = 32;  // two sums for each of 16 channels

std::int64_t items_per_block(std::int64_t batch, const Size3& size) {
    return (batch * size.depth * size.height + rows_per_item - 1) / rows_per_item;
}

/// Which end of a tensor a pass begins with: where the pass before it ended, because what it
/// touched last is still in the cache.
enum class Order { forwards, backwards };

/// Calls visit(block, item of the block, n, z, y) for every row, items in parallel.
template <class Visit>
void for_rows(Context& context, const ConstView& view, Order order, Visit visit) {
    const std::int64_t blocks = view.blocks(), items = items_per_block(view.batch, view.size);
    const std::int64_t rows = view.batch * view.size.depth * view.size.height;
    parallel_for(context, blocks * items, [&](std::int64_t number, int) {
        if (order == Order::backwards) number = blocks * items - 1 - number;
        const std::int64_t block = number % blocks, item = number / blocks;
        const std::int64_t first = item * rows_per_item;
        for (std::int64_t row = first; row < std::min(rows, first + rows_per_item); ++row)
            visit(block, item, row / view.size.height / view.size.depth,
                  row / view.size.height % view.size.depth, row % view.size.height);
    });
}

/// Two sums per channel over all rows of the view, added in the order of the items. Begins with the
/// last rows, which whoever wrote the view has just left.
/// add(block, n, z, y, sums) adds one row to 32 doubles.
template <class Add>
void sum_rows(Context& context, const ConstView& view, Add add, double* totals) {
    auto* sums = reinterpret_cast<double*>(context.workspace().data());
    const std::int64_t items = items_per_block(view.batch, view.size);
    std::fill_n(sums, view.blocks() * items * item_doubles, 0.0);
    for_rows(context, view, Order::backwards, [&](auto block, auto item, auto n, auto z, auto y) {
        add(block, n, z, y, sums + (block * items + item) * item_doubles);
    });
    for (std::int64_t block = 0; block < view.blocks(); ++block)
        for (std::int64_t k = 0; k < item_doubles; ++k) {
            double total = 0.0;
            for (std::int64_t item = 0; item < items; ++item)
                total += sums[(block * items + item) * item_doubles + k];
            totals[block * item_doubles + k] = total;
        }
}

/// Workspace behind the items' sums: totals, then three arrays of per-channel floats.
double* totals_of(Context& context, const ConstView& view) {
    return reinterpret_cast<double*>(context.workspace().data()) +
           view.blocks() * items_per_block(view.batch, view.size) * item_doubles;
}
float* constants_of(Context& context, const ConstView& view) {
    return reinterpret_cast<float*>(totals_of(context, view) + view.blocks() * item_doubles);
}

void affine(const Simd& simd, Context& context, const ConstView& input, const float* scale,
            const float* shift, bool relu, const View& output) {
    for_rows(context, input, Order::forwards, [&](auto block, auto, auto n, auto z, auto y) {
        simd.row_affine(input.row(n, block, z, y), scale + block * channel_block,
                        shift + block * channel_block, relu, output.row(n, block, z, y),
                        input.size.width);
    });
}

}  // namespace

std::int64_t batch_norm_workspace(std::int64_t blocks, std::int64_t batch, const Size3& size) {
    return blocks *
           (items_per_block(batch, size) * item_doubles * 2 + item_doubles * 2 + 3 * channel_block);
}

void batch_norm_forward(const Simd& simd, Context& context, const ConstView& input,
                        const BatchNormParameters& p, bool relu, const View& output) {
    const std::int64_t channels = input.blocks() * channel_block;
    float* scale = constants_of(context, input);
    float* shift = scale + channels;
    float* pivot = shift + channels;
    // Sums of differences to the first pixel lose no digits where the mean is far from zero.
    for (std::int64_t c = 0; c < channels; ++c) pivot[c] = input.at(0, c, 0, 0, 0);
    double* totals = totals_of(context, input);
    sum_rows(
        context, input,
        [&](auto block, auto n, auto z, auto y, double* sums) {
            simd.row_moments(input.row(n, block, z, y), pivot + block * channel_block,
                             input.size.width, sums);
        },
        totals);

    const double count = static_cast<double>(input.batch * input.size.elements());
    for (std::int64_t c = 0; c < channels; ++c) {
        const double* sums = totals + c / channel_block * item_doubles + c % channel_block;
        const double offset = sums[0] / count;
        const double mean = pivot[c] + offset;
        const double variance = std::max(0.0, sums[16] / count - offset * offset);
        const double inverse_std = 1.0 / std::sqrt(variance + double(batch_norm_epsilon));
        p.mean[c] = static_cast<float>(mean);
        p.inverse_std[c] = static_cast<float>(inverse_std);
        scale[c] = static_cast<float>(p.scale[c] * inverse_std);
        shift[c] = static_cast<float>(p.shift[c] - mean * inverse_std * p.scale[c]);
        if (c >= input.channels) continue;
        const double m = double(batch_norm_momentum);
        const double unbiased = count > 1.0 ? variance * count / (count - 1.0) : variance;
        p.running_mean[c] = static_cast<float>((1.0 - m) * p.running_mean[c] + m * mean);
        p.running_variance[c] =
            static_cast<float>((1.0 - m) * p.running_variance[c] + m * unbiased);
    }
    affine(simd, context, input, scale, shift, relu, output);
}

void batch_norm_apply(const Simd& simd, Context& context, const ConstView& input,
                      const AppliedBatchNorm& p, bool relu, const View& output) {
    const std::int64_t channels = input.blocks() * channel_block;
    float* scale = constants_of(context, input);
    float* shift = scale + channels;
    for (std::int64_t c = 0; c < channels; ++c) {
        const double inverse_std =
            1.0 / std::sqrt(double(p.running_variance[c]) + double(batch_norm_epsilon));
        scale[c] = static_cast<float>(p.scale[c] * inverse_std);
        shift[c] = static_cast<float>(p.shift[c] - p.running_mean[c] * inverse_std * p.scale[c]);
    }
    affine(simd, context, input, scale, shift, relu, output);
}

void batch_norm_backward(const Simd& simd, Context& context, const ConstView& input,
                         const BatchNormParameters& p, const View& gradient, float* grad_scale,
                         float* grad_shift) {
    double* totals = totals_of(context, input);
    sum_rows(
        context, input,
        [&](auto block, auto n, auto z, auto y, double* sums) {
            simd.row_products(gradient.row(n, block, z, y), input.row(n, block, z, y),
                              p.mean + block * channel_block, input.size.width, sums);
        },
        totals);

    const std::int64_t channels = input.blocks() * channel_block;
    const double count = static_cast<double>(input.batch * input.size.elements());
    float* a = constants_of(context, input);
    float* b = a + channels;
    float* c = b + channels;
    for (std::int64_t k = 0; k < channels; ++k) {
        const double* sums = totals + k / channel_block * item_doubles + k % channel_block;
        const double inverse_std = p.inverse_std[k], factor = p.scale[k] * inverse_std;
        grad_shift[k] = static_cast<float>(sums[0]);
        grad_scale[k] = static_cast<float>(sums[16] * inverse_std);
        a[k] = static_cast<float>(factor);
        b[k] = static_cast<float>(-factor * inverse_std * inverse_std * sums[16] / count);
        c[k] = static_cast<float>(-factor * sums[0] / count);
    }
    for_rows(context, input, Order::forwards, [&](auto block, auto, auto n, auto z, auto y) {
        const auto at = block * channel_block;
        simd.row_gradient(gradient.row(n, block, z, y), input.row(n, block, z, y), p.mean + at,
                          a + at, b + at, c + at, input.size.width);
    });
}

}  // namespace unet::kernels::cpu
