#include "unet/kernels/cpu/weight_gradient.h"

#include <algorithm>

#include "unet/kernels/view.h"

namespace unet::kernels::cpu {
namespace {

/// Chunks of pixels whose weight gradients are summed apart: enough of them to keep threads busy
/// where there are few channels, never more than 2 M floats of sums. Depends on sizes only.
std::int64_t gradient_chunks(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t taps,
                             std::int64_t rows) {
    const std::int64_t groups = ((in_blocks + 3) / 4) * ((out_blocks + 3) / 4);
    const std::int64_t floats = in_blocks * out_blocks * taps * 256;
    const std::int64_t chunks =
        std::min((31 + groups) / groups, std::max<std::int64_t>(1, (1 << 21) / floats));
    return std::clamp<std::int64_t>(chunks, 1, rows);
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
    job.chunks = gradient_chunks(job.source_count, job.gradient_count, job.taps,
                                 job.batch * job.grid.depth * job.grid.height);
    job.weight_floats = job.source_count * job.gradient_count * job.taps * 256;
    const ChunkedGradient gradient{.chunks = job.chunks,
                                   .weight_floats = job.weight_floats,
                                   .bias_floats = job.gradient_count * channel_block,
                                   .weights = grad_weight,
                                   .biases = grad_bias};
    sum_chunks(context, gradient, [&](float* weight_sums, float* bias_sums) {
        job.weight_sums = weight_sums;
        job.bias_sums = bias_sums;
        simd.weight_gradient(context, job);
    });
}

std::int64_t backward_workspace(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t taps,
                                std::int64_t rows) {
    const std::int64_t weights = in_blocks * out_blocks * taps * 256;
    const std::int64_t chunks = gradient_chunks(in_blocks, out_blocks, taps, rows);
    return std::max(weights, chunks > 1 ? chunks * (weights + out_blocks * channel_block) : 0);
}

}  // namespace unet::kernels::cpu
