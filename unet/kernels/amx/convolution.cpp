#include "unet/kernels/amx/convolution.h"

#include <algorithm>
#include <memory_resource>
#include <vector>

#include "unet/kernels/amx/tiles.h"
#include "unet/kernels/weights.h"

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

/// A tensor of more bytes has left the caches before the next layer reads it (cpu/blocks.cpp).
bool is_past_caches(const AnyView& view) {
    constexpr std::int64_t cached_bytes = 24 << 20;
    return view.batch * view.batch_stride > cached_bytes;
}

/// Of the host's images, products of all taps and channels stand in a row of 32 and more.
constexpr std::int64_t most_image_values = 4 * block, image_columns = 1024;

/// Weights of such rows: [target][32 of them] blocks. The network's: [target][tap], one source.
void append_image_weights(List<BFloat16>& rows, const void* weight, std::int64_t targets,
                          std::int64_t taps, std::int64_t channels) {
    const std::int64_t values = taps * channels, parts = blocks_of(values, block);
    rows.assign(static_cast<std::size_t>(targets * parts * block * block), BFloat16(0.0f));
    const auto* from = static_cast<const BFloat16*>(weight);
    for (std::int64_t t = 0; t < targets; ++t)
        for (std::int64_t k = 0; k < values; ++k)
            for (std::int64_t o = 0; o < block; ++o)
                rows[static_cast<std::size_t>((t * parts + k / block) * block * block +
                                              place_in_block<BFloat16>(k % block, o))] =
                    from[(t * taps + k / channels) * block * block +
                         place_in_block<BFloat16>(k % channels, o)];
}

/// From the host's images, a piece of a row at a time: its pixels with all that they are sums of.
void from_images(Context& context, const ConvolutionGeometry& g, const ConstPlanar& images,
                 TileJob job) {
    const auto [depth, height, width] = job.grid;
    const Size3 size = images.shape.size();
    const std::int64_t channels = images.shape.channels, values = g.taps() * channels;
    const std::int64_t parts = blocks_of(values, block);
    constexpr std::int64_t rows = 8, part_bytes = image_columns * pixel_bytes;
    const std::int64_t pieces = blocks_of(width, image_columns), all_rows = depth * height;
    const std::int64_t bands = blocks_of(all_rows, rows);
    static_assert(most_image_values / block * part_bytes <=
                  std::int64_t(Context::scratch_floats * sizeof(float)));
    const auto piece = [&](std::int64_t item, int thread) {
        const std::int64_t n = item / pieces / bands, x = item % pieces * image_columns;
        const std::int64_t first = item / pieces % bands * rows;
        auto* scratch = reinterpret_cast<std::byte*>(context.scratch(thread));
        const std::int64_t none = 0;
        SourceBlock sources[most_image_values / block];
        for (std::int64_t p = 0; p < parts; ++p)
            sources[p] = {scratch + p * part_bytes, 0, 0, 0, &none};
        TileJob part = job;
        part.grid.width = std::min(image_columns, job.grid.width - x);
        part.sources = sources;
        part.source_count = parts;
        part.target_column = x;
        const std::int64_t wide = part.grid.width + g.kernel.width - 1;
        for (std::int64_t row = first; row < std::min(first + rows, all_rows); ++row) {
            // Rows of the images that a row of results reads, with zeros beside them.
            float* lines =
                context.scratch(thread) + parts * part_bytes / std::int64_t(sizeof(float));
            const float* from[most_image_values];
            std::int64_t k = 0;
            for (std::int64_t dz = 0; dz < g.kernel.depth; ++dz)
                for (std::int64_t dy = 0; dy < g.kernel.height; ++dy) {
                    const std::int64_t z = row / job.grid.height + dz - g.padding.depth;
                    const std::int64_t y = row % job.grid.height + dy - g.padding.height;
                    const bool inside = z >= 0 && z < size.depth && y >= 0 && y < size.height;
                    for (std::int64_t c = 0; c < channels; ++c, lines += wide) {
                        const std::int64_t left = x - g.padding.width;
                        const std::int64_t begin = std::max<std::int64_t>(-left, 0);
                        const std::int64_t end = std::min(wide, size.width - left);
                        std::fill_n(lines, wide, 0.0f);
                        if (inside && begin < end) {
                            const float* line =
                                images.data +
                                (((n * channels + c) * size.depth + z) * size.height + y) *
                                    size.width;
                            std::copy(line + left + begin, line + left + end, lines + begin);
                        }
                        for (std::int64_t dx = 0; dx < g.kernel.width; ++dx)
                            from[k + dx * channels + c] = lines + dx;
                    }
                    k += g.kernel.width * channels;
                }
            for (std::int64_t p = 0; p < parts; ++p)
                interleave(from + p * block, std::min(block, values - p * block), part.grid.width,
                           scratch + p * part_bytes);
            compute_tiles(part, n, row, row + 1, 0, part.target_count);
        }
    };
    parallel_for(context, job.batch * bands * pieces, piece);
}

}  // namespace

bool supports(const ConvolutionShape& shape) {
    if (shape.pool != Size3{1, 1, 1}) return false;
    if (shape.planar_source)
        return !shape.planar_target && shape.in[1] == 0 && shape.in[0] <= block &&
               shape.in[0] * shape.geometry.taps() <= most_image_values;
    return !shape.planar_target || shape.out <= block;
}

void convolution(Context& context, const AnyConvolutionCall& call) {
    const ConvolutionGeometry& g = call.geometry;
    const std::int64_t taps = g.taps();
    if (const auto* images = std::get_if<ConstPlanar>(&call.source)) {
        const auto& target = std::get<AnyView>(call.target);
        List<TargetBlock> targets(context.small_memory());
        append_targets(targets, target, call.bias);
        List<BFloat16> weights(context.small_memory());
        append_image_weights(weights, call.weight, std::ssize(targets), taps,
                             images->shape.channels);
        return from_images(context, g, *images,
                           {.batch = target.batch,
                            .grid = target.size,
                            .taps = 1,
                            .sources = nullptr,
                            .source_count = 0,
                            .targets = targets.data(),
                            .target_count = std::ssize(targets),
                            .weights = reinterpret_cast<const std::byte*>(weights.data()),
                            .relu = call.relu,
                            .past_caches = is_past_caches(target)});
    }
    const auto& input = std::get<AnyConcat>(call.source);
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
                  .past_caches = host_channel_stride == 0 && is_past_caches(target),
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
                  .relu = relu,
                  .past_caches = is_past_caches(output)});
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
