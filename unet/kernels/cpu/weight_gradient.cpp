#include "unet/kernels/cpu/weight_gradient.h"

#include <algorithm>

#include "unet/kernels/view.h"

namespace unet::kernels::cpu {
namespace {

/// Enough chunks to keep threads busy where there are few channels, never more than 2 M floats of
/// sums. Depends on sizes only.
ChunkedGradient chunked(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t taps,
                        std::int64_t rows, float* weights = nullptr, float* biases = nullptr) {
    const std::int64_t groups = ((in_blocks + 3) / 4) * ((out_blocks + 3) / 4);
    const std::int64_t floats = in_blocks * out_blocks * taps * 256;
    const std::int64_t chunks =
        std::min((31 + groups) / groups, std::max<std::int64_t>(1, (1 << 21) / floats));
    return {.chunks = std::clamp<std::int64_t>(chunks, 1, rows),
            .weight_floats = floats,
            .bias_floats = out_blocks * channel_block,
            .weights = weights,
            .biases = biases};
}

}  // namespace

void add_chunks(Context& context, const float* sums, std::int64_t chunks, std::int64_t count,
                float* result) {
    constexpr std::int64_t piece = 512;
    parallel_for(context, (count + piece - 1) / piece, [&](std::int64_t item, int) {
        const std::int64_t first = item * piece, length = std::min(piece, count - first);
        double totals[piece] = {};
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
            const float* values = sums + chunk * count + first;
            for (std::int64_t k = 0; k < length; ++k) totals[k] += static_cast<double>(values[k]);
        }
        for (std::int64_t k = 0; k < length; ++k) result[first + k] = static_cast<float>(totals[k]);
    });
}

void run_weight_gradient(const Simd& simd, Context& context, WeightGradientJob job,
                         float* grad_weight, float* grad_bias) {
    const ChunkedGradient gradient =
        chunked(job.source_count, job.gradient_count, job.taps,
                job.batch * job.grid.depth * job.grid.height, grad_weight, grad_bias);
    job.chunks = gradient.chunks;
    job.weight_floats = gradient.weight_floats;
    sum_chunks(context, gradient, [&](float* weight_sums, float* bias_sums) {
        job.weight_sums = weight_sums;
        job.bias_sums = bias_sums;
        simd.weight_gradient(context, job);
    });
}

std::int64_t backward_workspace(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t taps,
                                std::int64_t rows) {
    const ChunkedGradient gradient = chunked(in_blocks, out_blocks, taps, rows);
    return std::max(gradient.weight_floats, gradient.workspace());
}

}  // namespace unet::kernels::cpu
