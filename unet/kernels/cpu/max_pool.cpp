#include <cassert>

#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {
namespace {

/// Calls visit(n, block, z, y) for every output row, in parallel.
template <class Visit>
void for_rows(Context& context, const ConstView& view, Visit visit) {
    const std::int64_t rows = view.size.height, planes = view.size.depth;
    constexpr std::int64_t piece = 8;
    const std::int64_t pieces = (rows + piece - 1) / piece;
    parallel_for(context, view.batch * view.blocks() * planes * pieces,
                 [&](std::int64_t item, int) {
                     const std::int64_t first = item % pieces * piece, rest = item / pieces;
                     for (std::int64_t y = first; y < first + piece && y < rows; ++y)
                         visit(rest / planes / view.blocks(), rest / planes % view.blocks(),
                               rest % planes, y);
                 });
}

}  // namespace

void max_pool_forward(const Simd& simd, Context& context, const Size3& s, const ConstView& input,
                      const View& output) {
    assert(s.depth * s.height <= most_pool_rows);
    for_rows(context, output, [&](auto n, auto block, auto z, auto y) {
        const float* rows[most_pool_rows];
        std::int64_t count = 0;
        for (std::int64_t a = 0; a < s.depth; ++a)
            for (std::int64_t b = 0; b < s.height; ++b)
                rows[count++] = input.row(n, block, z * s.depth + a, y * s.height + b);
        simd.max_pool_row(rows, count, s.width, output.row(n, block, z, y), output.size.width);
    });
}

void max_pool_backward(const Simd& simd, Context& context, const Size3& s, const ConstView& input,
                       const ConstView& output, const ConstView& grad_output,
                       const GradientTarget& target) {
    assert(s.depth * s.height <= most_pool_rows);
    const View& gradient = target.gradient;
    // Windows cover all but what is left of odd sizes; that rest receives no gradient.
    if (!target.accumulate)
        for_rows(context, gradient, [&](auto n, auto block, auto z, auto y) {
            const bool outside =
                z >= output.size.depth * s.depth || y >= output.size.height * s.height;
            float* row = gradient.row(n, block, z, y);
            const std::int64_t first = outside ? 0 : output.size.width * s.width;
            for (std::int64_t k = first * channel_block; k < gradient.size.width * channel_block;
                 ++k)
                row[k] = 0.0f;
        });
    for_rows(context, output, [&](auto n, auto block, auto z, auto y) {
        const float *rows[most_pool_rows], *activations[most_pool_rows];
        float* gradients[most_pool_rows];
        std::int64_t count = 0;
        for (std::int64_t a = 0; a < s.depth; ++a)
            for (std::int64_t b = 0; b < s.height; ++b, ++count) {
                const auto iz = z * s.depth + a, iy = y * s.height + b;
                rows[count] = input.row(n, block, iz, iy);
                gradients[count] = gradient.row(n, block, iz, iy);
                if (target.activation) activations[count] = target.activation.row(n, block, iz, iy);
            }
        simd.max_pool_row_backward(rows, gradients, target.activation ? activations : nullptr,
                                   count, s.width, output.row(n, block, z, y),
                                   grad_output.row(n, block, z, y), target.scale, target.accumulate,
                                   output.size.width);
    });
}

}  // namespace unet::kernels::cpu
