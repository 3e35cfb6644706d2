#pragma once

#include <cassert>

#include "unet/kernels/cpu/jobs.h"

namespace unet::kernels::cpu {

/// Gradients of weights and biases that are summed in chunks of the pixels, each apart, so that the
/// number of threads changes nothing.
struct ChunkedGradient {
    std::int64_t chunks, weight_floats, bias_floats;
    float* weights;  ///< the result
    float* biases;   ///< likewise; may be null

    /// Floats for the sums of all chunks; a single one needs no room beside the result.
    std::int64_t workspace() const {
        return chunks > 1 ? chunks * (weight_floats + bias_floats) : 0;
    }
};

/// result[k] = sum over chunks of sums[chunk][k], in double and in order.
void add_chunks(Context& context, const float* sums, std::int64_t chunks, std::int64_t count,
                float* result);

/// Calls sum(weight sums, bias sums or null), which fills [chunks][weight_floats] and
/// [chunks][bias_floats] in workspace or one chunk in the result itself, and adds the chunks.
template <class Sum>
void sum_chunks(Context& context, const ChunkedGradient& g, Sum sum) {
    if (g.chunks == 1) return sum(g.weights, g.biases);
    assert(std::ssize(context.workspace()) >= g.workspace());
    float* weights = context.workspace().data();
    float* biases = g.biases ? weights + g.chunks * g.weight_floats : nullptr;
    sum(weights, biases);
    add_chunks(context, weights, g.chunks, g.weight_floats, g.weights);
    if (g.biases) add_chunks(context, biases, g.chunks, g.bias_floats, g.biases);
}

/// The weight gradient of a direct or an up-convolution: `job` without its chunks and sums.
void run_weight_gradient(const Simd& simd, Context& context, WeightGradientJob job,
                         float* grad_weight, float* grad_bias);

/// Floats of workspace that such a convolution needs on its way back, over a grid of so many rows:
/// for these sums or for the turned weights of its data gradient.
std::int64_t backward_workspace(std::int64_t in_blocks, std::int64_t out_blocks, std::int64_t taps,
                                std::int64_t rows);

}  // namespace unet::kernels::cpu
