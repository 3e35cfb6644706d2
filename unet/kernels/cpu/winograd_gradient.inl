// Weight gradient in the F(4x4, 3x3) domain. Included once per instruction set, after winograd.inl.
//
//   dg = G^T [ sum over tiles (B^T d B) . (A dY A^T) ] G
//
// 36 matrix products [in x tiles] [tiles x out], four times fewer multiplications than the direct
// sum. An item is a chunk of tiles and a panel of channels: blocks of tiles are transformed in L2
// and added into the panel's 36 sums, which never leave it; at the end G^T . G makes the 3x3
// gradient. Register sums run over one block of tiles, float32 sums over one chunk (about a
// thousand tiles), chunks are added in double: one long float32 sum would lose three digits.

constexpr std::int64_t panel_sources = 4;  // channel blocks per panel
constexpr std::int64_t panel_gradients = 4;

// Tiles in a block of a panel with so many channel blocks: V and M take at most 550 KB of L2.
HWY_INLINE std::int64_t tiles_of_panel(std::int64_t blocks) { return 240 / blocks; }

struct GradientTransform {  // A y, 4 -> 6
    static constexpr int from = 4, to = 6;
    static HWY_INLINE void apply(const Vec* y, Vec* o) {
        const Tag t;
        const Vec four = hn::Set(t, 4.0f), two = hn::Set(t, 2.0f);
        const Vec even = hn::Add(y[0], y[2]), odd = hn::Add(y[1], y[3]);
        const Vec even2 = hn::MulAdd(four, y[2], y[0]), odd2 = hn::MulAdd(four, y[3], y[1]);
        o[0] = y[0];
        o[1] = hn::Add(even, odd);
        o[2] = hn::Sub(even, odd);
        o[3] = hn::MulAdd(two, odd2, even2);
        o[4] = hn::NegMulAdd(two, odd2, even2);
        o[5] = y[3];
    }
};

struct FilterGradient {  // G^T u, 6 -> 3
    static constexpr int from = 6, to = 3;
    static HWY_INLINE void apply(const Vec* u, Vec* o) {
        const Tag t;
        const Vec sixth = hn::Set(t, 1.0f / 6);
        const Vec sum1 = hn::Add(u[1], u[2]), difference1 = hn::Sub(u[2], u[1]);
        const Vec sum2 = hn::Add(u[3], u[4]), difference2 = hn::Sub(u[3], u[4]);
        o[0] = hn::MulAdd(hn::Set(t, 1.0f / 24), sum2,
                          hn::NegMulAdd(sixth, sum1, hn::Mul(hn::Set(t, 0.25f), u[0])));
        o[1] = hn::MulAdd(hn::Set(t, 1.0f / 12), difference2, hn::Mul(sixth, difference1));
        o[2] = hn::MulAdd(sixth, hn::Sub(sum2, sum1), u[5]);
    }
};

// 36 sums of 16 source channels and one gradient block -> 9 taps x 16 x 16.
HWY_INLINE void filter_gradient(const float* sums, std::int64_t point_stride, float* result) {
    const Tag d;
    for (std::int64_t c = 0; c < 256; c += lanes) {
        Vec lines[6][3];
        UNET_UNROLL
        for (int i = 0; i < 6; ++i) {
            Vec in[6];
            UNET_UNROLL
            for (int j = 0; j < 6; ++j) in[j] = hn::Load(d, sums + (i * 6 + j) * point_stride + c);
            FilterGradient::apply(in, lines[i]);
        }
        UNET_UNROLL
        for (int j = 0; j < 3; ++j) {
            Vec in[6], out[3];
            UNET_UNROLL
            for (int i = 0; i < 6; ++i) in[i] = lines[i][j];
            FilterGradient::apply(in, out);
            UNET_UNROLL
            for (int i = 0; i < 3; ++i) hn::Store(out[i], d, result + (i * 3 + j) * 256 + c);
        }
    }
}

// Sum of the gradients of a block of tiles: point 0 of an untransformed tile is not enough, so rows
// are read again.
HWY_INLINE void add_bias(const WinogradJob& job, const SourceBlock& block, std::int64_t first,
                         std::int64_t count, float* result) {
    const Tag d;
    for (std::int64_t v = 0; v < 16; v += lanes) {
        Vec sum = hn::Zero(d);
        TilePlace p = tile_place(job, first);
        for (std::int64_t t = 0; t < count; ++t, next_tile(job, p)) {
            const float* source = block.data + p.n * block.batch_stride + p.z * block.plane_stride +
                                  p.y * block.row_stride + p.x * 16 + v;
            for (std::int64_t i = 0; i < 4 && p.y + i < job.grid.height; ++i)
                for (std::int64_t j = 0; j < 4 && p.x + j < job.grid.width; ++j)
                    sum = hn::Add(sum, hn::Load(d, source + i * block.row_stride + j * 16));
        }
        hn::Store(hn::Add(hn::Load(d, result + v), sum), d, result + v);
    }
}

// One panel's 36 sums += V^T M over a block of tiles.
HWY_INLINE void add_products(const float* v, std::int64_t v_stride, std::int64_t sources,
                             const float* m, std::int64_t m_stride, std::int64_t gradients,
                             std::int64_t tiles, float* sums, std::int64_t sum_stride) {
    PixelTile p{};
    p.rows = 1;
    p.width = tiles;
    p.gradient_step = 16;
    for (int f = 0; f < winograd_points; ++f)
        for (std::int64_t g = 0; g < gradients; g += panel_blocks) {
            const std::int64_t blocks = gradients - g < panel_blocks ? gradients - g : panel_blocks;
            for (std::int64_t b = 0; b < blocks; ++b)
                p.gradients[b] = m + f * m_stride + (g + b) * tiles * 16;
            for (std::int64_t s = 0; s < sources; ++s) {
                p.source = v + f * v_stride + s * tiles * 16;
                float* result = sums + f * sum_stride + (g * sources + s) * 256;
                blocks == 2 ? gradient_channels_sum<panel_blocks>(p, 16, result, sources * 256)
                            : gradient_channels_sum<1>(p, 16, result, sources * 256);
            }
        }
}

void winograd_gradient(Context& context, const WinogradJob& job, const SourceBlock* gradients,
                       std::int64_t gradient_count, std::int64_t chunks, float* weight_sums,
                       float* bias_sums) {
    const std::int64_t source_panels = (job.source_count + panel_sources - 1) / panel_sources;
    const std::int64_t gradient_panels = (gradient_count + panel_gradients - 1) / panel_gradients;
    const std::int64_t panels = source_panels * gradient_panels;
    const std::int64_t weight_floats = job.source_count * gradient_count * 9 * 256;
    parallel_for(context, chunks * panels, [&](std::int64_t item, int thread) {
        const std::int64_t chunk = item / panels, panel = item % panels;
        const std::int64_t s0 = panel % source_panels * panel_sources;
        const std::int64_t g0 = panel / source_panels * panel_gradients;
        const std::int64_t sources =
            job.source_count - s0 < panel_sources ? job.source_count - s0 : panel_sources;
        const std::int64_t grads =
            gradient_count - g0 < panel_gradients ? gradient_count - g0 : panel_gradients;
        const std::int64_t sum_stride = sources * grads * 256 + point_padding;
        const std::int64_t tiles = tiles_of_panel(sources + grads);
        const std::int64_t v_stride = sources * tiles * 16 + point_padding;
        const std::int64_t m_stride = grads * tiles * 16 + point_padding;
        float* sums = context.scratch(thread);
        float* v = sums + winograd_points * sum_stride;
        float* m = v + winograd_points * v_stride;
        clear(sums, winograd_points * sum_stride);
        float* bias =
            bias_sums && s0 == 0 ? bias_sums + (chunk * gradient_count + g0) * 16 : nullptr;
        if (bias) clear(bias, grads * 16);

        const std::int64_t last = job.tiles * (chunk + 1) / chunks;
        for (std::int64_t tile = job.tiles * chunk / chunks; tile < last; tile += tiles) {
            const std::int64_t count = last - tile < tiles ? last - tile : tiles;
            for (std::int64_t s = 0; s < sources; ++s)
                transform_block<InputTransform>(job, job.sources[s0 + s], 2, tile, count,
                                                v + s * count * 16, v_stride);
            for (std::int64_t g = 0; g < grads; ++g) {
                transform_block<GradientTransform>(job, gradients[g0 + g], 0, tile, count,
                                                   m + g * count * 16, m_stride);
                if (bias) add_bias(job, gradients[g0 + g], tile, count, bias + g * 16);
            }
            add_products(v, v_stride, sources, m, m_stride, grads, count, sums, sum_stride);
        }
        float* result = weight_sums + chunk * weight_floats;
        for (std::int64_t g = 0; g < grads; ++g)
            for (std::int64_t s = 0; s < sources; ++s)
                filter_gradient(sums + (g * sources + s) * 256, sum_stride,
                                result + ((g0 + g) * job.source_count + s0 + s) * 9 * 256);
    });
}
