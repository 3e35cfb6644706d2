// Weight gradient of a direct convolution. Included once per instruction set.
//
// For 8 or 16 source channels and one panel of gradient channels a tile of about 64 pixels is
// summed in registers (broadcast source value times vector of gradients) and then added to the
// result. An item of work is a chunk of rows and a group of 4 x 4 blocks, whose result (147 KB for
// 3x3) stays in L2.

constexpr std::int64_t gradient_tile = 64;  // pixels per register sum: three images fit in L1
constexpr std::int64_t group_blocks = 4;
// Source channels in one register sum, for panels of B gradient blocks.
template <int B>
constexpr std::int64_t gradient_channels = lanes == 16 ? (B == 1 ? 16 : 8) : 4;

struct PixelTile {
    std::int64_t rows, width;
    const float* source;
    std::int64_t source_row_stride;
    const float* gradients[2];
    std::int64_t gradient_row_stride, gradient_step;
};

// M sums at once, of source values `Step` apart: M channels of a pixel, or one channel under M
// neighbouring taps. Their results are `result_step` apart.
template <int M, int B, int Step = 1>
HWY_NOINLINE void gradient_tile_sum(const PixelTile& p, float* result, std::int64_t result_step,
                                    std::int64_t block_stride) {
    constexpr int V = B * block_vectors;
    const Tag d;
    Vec sum[M][V];
    UNET_UNROLL
    for (int m = 0; m < M; ++m) {
        UNET_UNROLL
        for (int v = 0; v < V; ++v) sum[m][v] = hn::Zero(d);
    }
    for (std::int64_t y = 0; y < p.rows; ++y) {
        const float* source = p.source + y * p.source_row_stride;
        const float* gradient[B];
        UNET_UNROLL
        for (int b = 0; b < B; ++b) gradient[b] = p.gradients[b] + y * p.gradient_row_stride;
        for (std::int64_t x = 0; x < p.width; ++x, source += 16) {
            Vec g[V];
            UNET_UNROLL
            for (int v = 0; v < V; ++v)
                g[v] = hn::Load(d, gradient[v / block_vectors] + (v % block_vectors) * lanes);
            UNET_UNROLL
            for (int b = 0; b < B; ++b) gradient[b] += p.gradient_step;
            UNET_UNROLL
            for (int m = 0; m < M; ++m) {
                const Vec value = hn::Set(d, source[m * Step]);
                UNET_UNROLL
                for (int v = 0; v < V; ++v) sum[m][v] = hn::MulAdd(value, g[v], sum[m][v]);
            }
        }
    }
    UNET_UNROLL
    for (int m = 0; m < M; ++m) {
        UNET_UNROLL
        for (int v = 0; v < V; ++v) {
            float* place = result + (v / block_vectors) * block_stride + m * result_step +
                           (v % block_vectors) * lanes;
            hn::Store(hn::Add(hn::Load(d, place), sum[m][v]), d, place);
        }
    }
}

template <int B>
HWY_INLINE void gradient_channels_sum(PixelTile p, std::int64_t channels, float* result,
                                      std::int64_t block_stride) {
    std::int64_t c = 0;
    const float* source = p.source;
    for (; c + gradient_channels<B> <= channels; c += gradient_channels<B>) {
        p.source = source + c;
        gradient_tile_sum<gradient_channels<B>, B>(p, result + c * 16, 16, block_stride);
    }
    for (; c + 4 <= channels; c += 4) {
        p.source = source + c;
        gradient_tile_sum<4, B>(p, result + c * 16, 16, block_stride);
    }
    for (; c < channels; ++c) {
        p.source = source + c;
        gradient_tile_sum<1, B>(p, result + c * 16, 16, block_stride);
    }
}

HWY_INLINE void bias_tile_sum(const PixelTile& p, float* result) {
    const Tag d;
    UNET_UNROLL
    for (int v = 0; v < block_vectors; ++v) {
        Vec sum = hn::Zero(d);
        for (std::int64_t y = 0; y < p.rows; ++y)
            for (std::int64_t x = 0; x < p.width; ++x)
                sum = hn::Add(sum, hn::Load(d, p.gradients[0] + y * p.gradient_row_stride +
                                                   x * p.gradient_step + v * lanes));
        hn::Store(hn::Add(hn::Load(d, result + v * lanes), sum), d, result + v * lanes);
    }
}

struct Place {
    std::int64_t n, z, y, x;
};

HWY_INLINE const float* address(const SourceBlock& block, const Place& p, std::int64_t step,
                                std::int64_t tap) {
    return block.data + p.n * block.batch_stride + p.z * block.plane_stride +
           p.y * block.row_stride + p.x * step + block.tap_offsets[tap];
}

// Are taps t, t + 1, t + 2 one row of a kernel, which all see the same gradients?
HWY_INLINE bool three_neighbours(const WeightGradientJob& job, const SourceBlock& source,
                                 std::int64_t t) {
    return !job.bias_every_tap && t + 2 < job.taps &&
           source.tap_offsets[t + 1] == source.tap_offsets[t] + 16 &&
           source.tap_offsets[t + 2] == source.tap_offsets[t] + 32;
}

// An image's few channels: sums of three taps hide each other's latency.
template <int B>
HWY_INLINE void gradient_taps_sum(PixelTile p, std::int64_t channels, float* result,
                                  const WeightGradientJob& job) {
    for (std::int64_t c = 0; c < channels; ++c, ++p.source)
        gradient_tile_sum<3, B, 16>(p, result + c * 16, job.tap_stride, job.target_stride);
}

// One tile of pixels, one group of blocks, every tap.
HWY_INLINE void gradient_group(const WeightGradientJob& job, const Place& place, PixelTile p,
                               std::int64_t first_source, std::int64_t first_gradient,
                               float* weight_sums, float* bias_sums) {
    const std::int64_t last_source = first_source + group_blocks < job.source_count
                                         ? first_source + group_blocks
                                         : job.source_count;
    const std::int64_t last_gradient = first_gradient + group_blocks < job.gradient_count
                                           ? first_gradient + group_blocks
                                           : job.gradient_count;
    for (std::int64_t s = first_source; s < last_source; ++s) {
        const SourceBlock& source = job.sources[s];
        p.source_row_stride = source.row_stride;
        for (std::int64_t g = first_gradient; g < last_gradient; g += panel_blocks) {
            const std::int64_t blocks =
                last_gradient - g < panel_blocks ? last_gradient - g : panel_blocks;
            p.gradient_row_stride = job.gradients[g].row_stride;
            for (std::int64_t t = 0; t < job.taps; ++t) {
                p.source = address(source, place, 16, t);
                for (std::int64_t b = 0; b < blocks; ++b)
                    p.gradients[b] = address(job.gradients[g + b], place, job.gradient_step, t);
                float* result = weight_sums + t * job.tap_stride + g * job.target_stride +
                                s * job.source_stride;
                if (source.channels < 4 && three_neighbours(job, source, t)) {
                    blocks == 2 ? gradient_taps_sum<panel_blocks>(p, source.channels, result, job)
                                : gradient_taps_sum<1>(p, source.channels, result, job);
                    t += 2;
                    continue;
                }
                blocks == 2
                    ? gradient_channels_sum<panel_blocks>(p, source.channels, result,
                                                          job.target_stride)
                    : gradient_channels_sum<1>(p, source.channels, result, job.target_stride);
            }
        }
    }
    if (!bias_sums || first_source != 0) return;
    for (std::int64_t g = first_gradient; g < last_gradient; ++g)
        for (std::int64_t t = 0; t < (job.bias_every_tap ? job.taps : 1); ++t) {
            p.gradient_row_stride = job.gradients[g].row_stride;
            p.gradients[0] = address(job.gradients[g], place, job.gradient_step, t);
            bias_tile_sum(p, bias_sums + g * 16);
        }
}

HWY_INLINE void clear(float* values, std::int64_t count) {
    const Tag d;
    for (std::int64_t k = 0; k < count; k += lanes) hn::Store(hn::Zero(d), d, values + k);
}

HWY_INLINE void clear_group(const WeightGradientJob& job, std::int64_t first_source,
                            std::int64_t first_gradient, float* weight_sums, float* bias_sums) {
    for (std::int64_t g = first_gradient;
         g < first_gradient + group_blocks && g < job.gradient_count; ++g) {
        for (std::int64_t s = first_source; s < first_source + group_blocks && s < job.source_count;
             ++s)
            for (std::int64_t t = 0; t < job.taps; ++t)
                clear(weight_sums + t * job.tap_stride + g * job.target_stride +
                          s * job.source_stride,
                      256);
        if (bias_sums && first_source == 0) clear(bias_sums + g * 16, 16);
    }
}

void weight_gradient(Context& context, const WeightGradientJob& job) {
    const std::int64_t source_groups = (job.source_count + group_blocks - 1) / group_blocks;
    const std::int64_t gradient_groups = (job.gradient_count + group_blocks - 1) / group_blocks;
    const std::int64_t groups = source_groups * gradient_groups;
    const std::int64_t height = job.grid.height, width = job.grid.width;
    const std::int64_t rows = job.batch * job.grid.depth * height;

    parallel_for(context, job.chunks * groups, [&](std::int64_t item, int) {
        const std::int64_t chunk = item / groups;
        const std::int64_t first_source = item % groups % source_groups * group_blocks;
        const std::int64_t first_gradient = item % groups / source_groups * group_blocks;
        float* weight_sums = job.weight_sums + chunk * job.weight_floats;
        float* bias_sums =
            job.bias_sums ? job.bias_sums + chunk * job.gradient_count * 16 : nullptr;
        clear_group(job, first_source, first_gradient, weight_sums, bias_sums);

        const std::int64_t last_row = rows * (chunk + 1) / job.chunks;
        for (std::int64_t row = rows * chunk / job.chunks; row < last_row;) {
            // Rows of one image that together have about gradient_tile pixels.
            std::int64_t count = gradient_tile / width;
            count = count < 1 ? 1 : count;
            if (count > last_row - row) count = last_row - row;
            if (count > height - row % height) count = height - row % height;
            Place place{row / height / job.grid.depth, row / height % job.grid.depth, row % height,
                        0};
            for (std::int64_t parts = (width + gradient_tile - 1) / gradient_tile; place.x < width;
                 --parts) {
                PixelTile p{};
                p.rows = count;
                p.width = (width - place.x + parts - 1) / parts;
                p.gradient_step = job.gradient_step;
                gradient_group(job, place, p, first_source, first_gradient, weight_sums, bias_sums);
                place.x += p.width;
            }
            row += count;
        }
    });
}
