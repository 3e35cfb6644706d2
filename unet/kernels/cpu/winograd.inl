// Winograd F(4x4, 3x3). Included once per instruction set.
//
//   Y = A^T [ (G g G^T) . (B^T d B) ] A      d: 6x6 input tile, g: 3x3 filter, Y: 4x4 outputs
//
// 36 products instead of 144 per tile and channel pair (Winograd 1980; Lavin and Gray,
// arXiv:1509.09308). For each of the 36 positions f of the transformed tile the sum over channels
// is a matrix product [tiles x in] [in x out], done by the tile function of direct.inl: a
// transformed tile is to it what a pixel is to a direct convolution with one tap.
//
// Layouts: V[f][in block][tile][16] (B^T d B), U[f][out block][in block][16][16] (G g G^T),
// M[f][out block][tile][16] (their product). The stride of f is padded, or 36 stores at a distance
// of a power of two would fall into the same few cache sets.

// M (+)= V U for one panel of targets and the source blocks [s, s + blocks) of V.
HWY_INLINE void multiply_points(const WinogradJob& job, const float* v, std::int64_t v_stride,
                                std::int64_t tiles, std::int64_t s, std::int64_t blocks,
                                const float* u, std::int64_t u_point, std::int64_t u_target,
                                float* m, std::int64_t m_stride, std::int64_t targets, bool first) {
    TileArguments a{};
    a.sources = job.sources + s;
    a.source_count = blocks;
    a.taps = 1;
    a.weight_target_stride = u_target;
    a.first = first;
    a.last = false;
    a.targets = job.targets;
    a.target_step = 16;
    for (int f = 0; f < winograd_points; ++f) {
        for (std::int64_t b = 0; b < blocks; ++b)
            a.rows[b] = v + f * v_stride + (s + b) * tiles * 16 - a.sources[b].tap_offsets[0];
        for (std::int64_t b = 0; b < targets; ++b) a.outputs[b] = m + f * m_stride + b * tiles * 16;
        a.weights = u + f * u_point;
        targets == 2 ? compute_row<panel_blocks, 16>(a, tiles) : compute_row<1, 16>(a, tiles);
    }
}

// Few channels: an item takes a block of tiles through all three stages in its L2 cache. Filters
// are transformed once, before (they fit in the shared cache).
void winograd_by_tiles(Context& context, const WinogradJob& job) {
    const auto output_transform = job.pooled ? transform_output<true> : transform_output<false>;
    const std::int64_t u_target = job.source_count * 256;
    const std::int64_t u_point = job.target_count * u_target + point_padding;
    parallel_for(context, job.target_count, [&](std::int64_t block, int) {
        for (std::int64_t s = 0; s < job.source_count; ++s)
            transform_filters(job, block, s, job.filters + block * u_target + s * 256, u_point);
    });
    const std::int64_t tiles = job.tiles_per_item;
    const std::int64_t items = (job.tiles + tiles - 1) / tiles;
    parallel_for(context, items, [&](std::int64_t item, int thread) {
        const std::int64_t first = item * tiles;
        const std::int64_t count = first + tiles < job.tiles ? tiles : job.tiles - first;
        const std::int64_t panel =
            job.target_count < panel_blocks ? job.target_count : panel_blocks;
        const std::int64_t v_stride = job.source_count * count * 16 + point_padding;
        const std::int64_t m_stride = panel * count * 16 + point_padding;
        float* v = context.scratch(thread);
        float* m = v + winograd_points * v_stride;
        for (std::int64_t s = 0; s < job.source_count; ++s)
            transform_block<InputTransform>(job, job.sources[s], 2, first, count,
                                            v + s * count * 16, v_stride);
        for (std::int64_t t = 0; t < job.target_count; t += panel_blocks) {
            const std::int64_t targets =
                job.target_count - t < panel_blocks ? job.target_count - t : panel_blocks;
            multiply_points(job, v, v_stride, count, 0, job.source_count,
                            job.filters + t * u_target, u_point, u_target, m, m_stride, targets,
                            true);
            for (std::int64_t b = 0; b < targets; ++b)
                output_transform(job, t + b, m + b * count * 16, m_stride, first, count);
        }
        hwy::FlushStream();
    });
}

// Many channels: all threads transform a large block of tiles, then each takes panels of targets
// and transforms their filters piece by piece in its cache: storing them would quadruple the
// traffic.
void winograd_by_panels(Context& context, const WinogradJob& job) {
    constexpr std::int64_t piece = 4;  // source blocks whose filters are transformed at a time
    const std::int64_t panels = (job.target_count + panel_blocks - 1) / panel_blocks;
    const std::int64_t tiles = job.tiles_per_item;
    const auto output_transform = job.pooled ? transform_output<true> : transform_output<false>;
    for (std::int64_t first = 0; first < job.tiles; first += tiles) {
        const std::int64_t count = first + tiles < job.tiles ? tiles : job.tiles - first;
        const std::int64_t v_stride = job.source_count * count * 16 + point_padding;
        const std::int64_t m_stride = panel_blocks * count * 16 + point_padding;
        float* v = job.points;
        parallel_for(context, job.source_count, [&](std::int64_t s, int) {
            transform_block<InputTransform>(job, job.sources[s], 2, first, count,
                                            v + s * count * 16, v_stride);
        });
        parallel_for(context, panels, [&](std::int64_t panel, int thread) {
            const std::int64_t t = panel * panel_blocks;
            const std::int64_t targets =
                job.target_count - t < panel_blocks ? job.target_count - t : panel_blocks;
            const std::int64_t u_target = piece * 256;
            const std::int64_t u_point = panel_blocks * u_target + 16;
            float* u = context.scratch(thread);
            float* m = u + winograd_points * u_point;
            for (std::int64_t s = 0; s < job.source_count; s += piece) {
                const std::int64_t blocks =
                    job.source_count - s < piece ? job.source_count - s : piece;
                for (std::int64_t b = 0; b < targets; ++b)
                    for (std::int64_t k = 0; k < blocks; ++k)
                        transform_filters(job, t + b, s + k, u + b * u_target + k * 256, u_point);
                multiply_points(job, v, v_stride, count, s, blocks, u, u_point, u_target, m,
                                m_stride, targets, s == 0);
            }
            for (std::int64_t b = 0; b < targets; ++b)
                output_transform(job, t + b, m + b * count * 16, m_stride, first, count);
            hwy::FlushStream();
        });
    }
}

void winograd(Context& context, const WinogradJob& job) {
    job.filters ? winograd_by_tiles(context, job) : winograd_by_panels(context, job);
}
