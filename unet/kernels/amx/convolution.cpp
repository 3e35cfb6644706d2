#include "unet/kernels/amx/convolution.h"

#include <algorithm>
#include <memory_resource>
#include <vector>

#include "unet/kernels/amx/tiles.h"

namespace unet::kernels::amx {
namespace {

constexpr std::int64_t block = channel_block_of<BFloat16>;

template <class T>
using List = std::pmr::vector<T>;

constexpr float no_bias[block] = {};

void append_sources(List<SourceBlock>& sources, const ConstAnyView& view,
                    const std::int64_t* offsets) {
    for (std::int64_t b = 0; b < blocks_of(view.channels, block); ++b)
        sources.push_back({view.data + b * view.block_stride, view.batch_stride, view.plane_stride,
                           view.row_stride, offsets});
}

void append_targets(List<TargetBlock>& targets, const AnyView& view, const float* bias,
                    const Size3& stride = {}) {
    for (std::int64_t b = 0; b < blocks_of(view.channels, block); ++b)
        targets.push_back({view.data + b * view.block_stride, view.batch_stride,
                           view.plane_stride * stride.depth, view.row_stride * stride.height,
                           std::min(block, view.channels - b * block),
                           bias ? bias + b * block : no_bias});
}

/// All of a job. Its pieces depend on its sizes alone.
void run(Context& context, const TileJob& job) {
    // Source rows of a band stay in the L2 cache while the weights of all targets pass over them.
    // Where the whole source is not much larger and the weights are many, these are read once.
    constexpr std::int64_t band_bytes = 700'000, few_bytes = 4'000'000, many_targets = 8;
    const std::int64_t rows = job.grid.depth * job.grid.height;
    const std::int64_t row_bytes = job.grid.width * job.source_count * pixel_bytes;
    const bool by_target = rows * row_bytes < few_bytes && job.target_count >= many_targets;
    constexpr std::int64_t least_bands = 8;
    const std::int64_t band = by_target ? rows
                                        : std::clamp(band_bytes / row_bytes, std::int64_t{1},
                                                     (rows + least_bands - 1) / least_bands);
    const std::int64_t bands = (rows + band - 1) / band, groups = by_target ? job.target_count : 1;
    parallel_for(context, job.batch * bands * groups, [&](std::int64_t item, int) {
        const std::int64_t group = item % groups, first = item / groups % bands * band;
        compute_tiles(job, item / groups / bands, first, std::min(first + band, rows),
                      by_target ? group : 0, by_target ? group + 1 : job.target_count);
    });
}

}  // namespace

bool supports(const ConvolutionShape& shape) {
    return shape.pool == Size3{1, 1, 1} && !shape.planar_source &&
           (!shape.planar_target || shape.out <= block);
}

void convolution(Context& context, const AnyConvolutionCall& call) {
    const ConvolutionGeometry& g = call.geometry;
    const auto& input = std::get<AnyConcat>(call.source);
    const std::int64_t taps = g.taps();
    List<std::int64_t> offsets(context.small_memory());
    offsets.reserve(static_cast<std::size_t>(input.count * taps));  // sources point there
    List<SourceBlock> sources(context.small_memory());
    for (int p = 0; p < input.count; ++p) {
        const ConstAnyView& part = input.parts[p];
        for (std::int64_t z = 0; z < g.kernel.depth; ++z)
            for (std::int64_t y = 0; y < g.kernel.height; ++y)
                for (std::int64_t x = 0; x < g.kernel.width; ++x)
                    offsets.push_back((z - g.padding.depth) * part.plane_stride +
                                      (y - g.padding.height) * part.row_stride +
                                      (x - g.padding.width) * pixel_bytes);
        append_sources(sources, part, offsets.data() + p * taps);
    }
    AnyView target;
    std::int64_t step = pixel_bytes, host_channel_stride = 0;
    if (const auto* logits = std::get_if<Planar>(&call.target)) {
        step = sizeof(float);
        const Shape& shape = logits->shape;
        target = {.data = reinterpret_cast<std::byte*>(logits->data),
                  .batch = shape.batch,
                  .channels = shape.channels,
                  .size = shape.size(),
                  .batch_stride = shape.channels * shape.size().elements() * step,
                  .plane_stride = shape.height * shape.width * step,
                  .row_stride = shape.width * step};
        host_channel_stride = shape.size().elements() * step;
    } else {
        target = std::get<AnyView>(call.target);
    }
    List<TargetBlock> targets(context.small_memory());
    append_targets(targets, target, call.bias);
    run(context, {.batch = target.batch,
                  .grid = target.size,
                  .taps = taps,
                  .sources = sources.data(),
                  .source_count = std::ssize(sources),
                  .targets = targets.data(),
                  .target_count = std::ssize(targets),
                  .target_step = step,
                  .weights = static_cast<const std::byte*>(call.weight),
                  .relu = call.relu,
                  .host_channel_stride = host_channel_stride});
}

void up_convolution_forward(Context& context, const Size3& stride, const ConstAnyView& input,
                            const void* weight, const float* bias, bool relu,
                            const AnyView& output) {
    const std::int64_t none = 0;
    List<SourceBlock> sources(context.small_memory());
    append_sources(sources, input, &none);
    // Each position inside the stride is a target of its own: the input is read once for all.
    List<TargetBlock> targets(context.small_memory());
    for (std::int64_t z = 0; z < stride.depth; ++z)
        for (std::int64_t y = 0; y < stride.height; ++y)
            for (std::int64_t x = 0; x < stride.width; ++x) {
                AnyView phase = output;
                phase.data += z * output.plane_stride + y * output.row_stride + x * pixel_bytes;
                append_targets(targets, phase, bias, stride);
            }
    run(context, {.batch = input.batch,
                  .grid = input.size,
                  .taps = 1,
                  .sources = sources.data(),
                  .source_count = std::ssize(sources),
                  .targets = targets.data(),
                  .target_count = std::ssize(targets),
                  .target_step = pixel_bytes * stride.width,
                  .weights = static_cast<const std::byte*>(weight),
                  .relu = relu});
}

void max_pool_forward(Context& context, const Size3& s, const ConstAnyView& input,
                      const AnyView& output) {
    const auto [depth, height, width] = output.size;
    const std::int64_t blocks = blocks_of(output.channels, block), across = width;
    parallel_for(context, output.batch * blocks * depth * height,
                 [&, depth = depth, height = height](std::int64_t item, int) {
                     const std::int64_t y = item % height, z = item / height % depth;
                     const std::int64_t b = item / height / depth % blocks,
                                        n = item / height / depth / blocks;
                     const std::byte* rows[most_pool_rows];
                     std::int64_t count = 0;
                     for (std::int64_t k = 0; k < s.depth; ++k)
                         for (std::int64_t r = 0; r < s.height; ++r)
                             rows[count++] = input.row(n, b, z * s.depth + k, y * s.height + r);
                     max_pool_row(rows, count, s.width, output.row(n, b, z, y), across);
                 });
}

}  // namespace unet::kernels::amx
