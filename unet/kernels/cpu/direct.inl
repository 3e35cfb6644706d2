// Direct convolution around one register-blocked micro-kernel. Included once per instruction set.
//
// A tile is `M` neighbouring grid pixels by one panel of output channels (two blocks of 16 with
// AVX-512, one with AVX2 and NEON), held in registers while the sum runs over source blocks, taps
// and channels: per product one broadcast source value and one vector of weights, M products per
// weight load. The order of a pixel's sum is source block, tap, channel, whatever tile it falls
// into.
//
// Blocking: source blocks are taken in chunks of 8, so that a weight panel (8 x taps x 16 x 32
// floats = 147 KB for 3x3) stays in the L2 cache while the rows of a band pass. Between chunks the
// sums rest in the output.

constexpr std::int64_t chunk_blocks = 8, most_chunk_blocks = most_planar_blocks;
constexpr std::int64_t max_tile = lanes == 16 ? 14 : 6;
constexpr std::int64_t panel_blocks = lanes == 16 ? 2 : 1;
constexpr std::int64_t band_bytes = 384 * 1024;  // of source rows per band: about a third of an L2

struct TileArguments {
    const float*
        rows[most_chunk_blocks];  // first grid pixel of the row, per source block of the chunk
    const SourceBlock* sources;
    std::int64_t source_count;
    std::int64_t channel_step;  // of planar sources, whose pixels are 1 apart
    std::int64_t taps;
    const float* weights;
    std::int64_t weight_target_stride;
    bool first, last;  // chunk of the sum
    const TargetBlock* targets;
    float* outputs[2];
    const float* activations[2];
    std::int64_t target_step;
};

template <int M, int V>
using Accumulators = Vec[M][V];

// One channel of one tap: M source values times V weight vectors.
template <int M, int V, int Step>
HWY_INLINE void multiply_add(const float* source, const float* weights, std::int64_t target_stride,
                             Vec (&sum)[M][V]) {
    const Tag d;
    Vec w[V];
    UNET_UNROLL
    for (int v = 0; v < V; ++v) {
        w[v] = hn::Load(
            d, weights + (v / block_vectors) * target_stride + (v % block_vectors) * lanes);
        hwy::Prefetch(weights + (v / block_vectors) * target_stride + (v % block_vectors) * lanes +
                      256);
    }
    UNET_UNROLL
    for (int m = 0; m < M; ++m) {
        const Vec value = hn::Set(d, source[m * Step]);
        UNET_UNROLL
        for (int v = 0; v < V; ++v) sum[m][v] = hn::MulAdd(value, w[v], sum[m][v]);
    }
}

// Only whole lines are worth the way past the caches.
HWY_INLINE bool passes_caches(const TargetBlock& target) {
    return lanes == 16 && target.past_caches;
}

// What passes the caches is in memory after hwy::FlushStream.
HWY_INLINE void store(Vec value, bool past_caches, float* place) {
    past_caches ? hn::Stream(value, Tag(), place) : hn::Store(value, Tag(), place);
}

template <int M, int B>
HWY_INLINE void store_tile(const TileArguments& a, std::int64_t x,
                           Vec (&sum)[M][B * block_vectors]) {
    const Tag d;
    UNET_UNROLL
    for (int b = 0; b < B; ++b) {
        const TargetBlock& target = a.targets[b];
        float* output = a.outputs[b] + x * a.target_step;
        const float* activation = a.activations[b] ? a.activations[b] + x * a.target_step : nullptr;
        UNET_UNROLL
        for (int v = 0; v < block_vectors; ++v) {
            const Vec bias =
                a.last && target.bias ? hn::Load(d, target.bias + v * lanes) : hn::Zero(d);
            const Vec scale = hn::Set(d, target.scale);
            UNET_UNROLL
            for (int m = 0; m < M; ++m) {
                Vec value = sum[m][b * block_vectors + v];
                float* place = output + m * a.target_step + v * lanes;
                if (a.last) {
                    value = hn::Add(value, bias);
                    if (target.relu) value = hn::Max(value, hn::Zero(d));
                    if (activation) {
                        const Vec active = hn::Load(d, activation + m * a.target_step + v * lanes);
                        value =
                            hn::IfThenElseZero(hn::Gt(active, hn::Zero(d)), hn::Mul(value, scale));
                    }
                    if (target.accumulate) value = hn::Add(hn::Load(d, place), value);
                }
                store(value, a.last && passes_caches(target), place);
            }
        }
    }
}

template <int M, int B, int Step>
HWY_NOINLINE void compute_tile(const TileArguments& a, std::int64_t x) {
    constexpr int V = B * block_vectors;
    const Tag d;
    Vec sum[M][V];
    UNET_UNROLL
    for (int m = 0; m < M; ++m) {
        UNET_UNROLL
        for (int v = 0; v < V; ++v)
            sum[m][v] = a.first
                            ? hn::Zero(d)
                            : hn::Load(d, a.outputs[v / block_vectors] + (x + m) * a.target_step +
                                              (v % block_vectors) * lanes);
    }
    const float* weights = a.weights;
    const std::int64_t channel_step = Step == 1 ? a.channel_step : 1;
    for (std::int64_t s = 0; s < a.source_count; ++s) {
        const std::int64_t channels = a.sources[s].channels;
        for (std::int64_t t = 0; t < a.taps; ++t, weights += 256) {
            const float* source = a.rows[s] + x * Step + a.sources[s].tap_offsets[t];
            std::int64_t c = 0;
            for (; c + 4 <= channels; c += 4) UNET_UNROLL
            for (int k = 0; k < 4; ++k)
                multiply_add<M, V, Step>(source + (c + k) * channel_step, weights + (c + k) * 16,
                                         a.weight_target_stride, sum);
            for (; c < channels; ++c)
                multiply_add<M, V, Step>(source + c * channel_step, weights + c * 16,
                                         a.weight_target_stride, sum);
        }
    }
    store_tile<M, B>(a, x, sum);
}

using TileFunction = void(const TileArguments&, std::int64_t);

template <int B, int Step>
HWY_INLINE TileFunction* tile_function(std::int64_t m) {
    static constexpr TileFunction* functions[] = {
        compute_tile<1, B, Step>,
        compute_tile<2, B, Step>,
        compute_tile<3, B, Step>,
        compute_tile<4, B, Step>,
        compute_tile<5, B, Step>,
        compute_tile<6, B, Step>,
#if HWY_TARGET == HWY_AVX3
        compute_tile<7, B, Step>,
        compute_tile<8, B, Step>,
        compute_tile<9, B, Step>,
        compute_tile<10, B, Step>,
        compute_tile<11, B, Step>,
        compute_tile<12, B, Step>,
        compute_tile<13, B, Step>,
        compute_tile<14, B, Step>,
#endif
    };
    return functions[m - 1];
}

// One row of the grid: tiles as equal as possible, none above max_tile.
template <int B, int Step>
HWY_INLINE void compute_row(const TileArguments& a, std::int64_t width) {
    std::int64_t tiles = (width + max_tile - 1) / max_tile;
    for (std::int64_t x = 0; x < width; --tiles) {
        const std::int64_t m = (width - x + tiles - 1) / tiles;
        tile_function<B, Step>(m)(a, x);
        x += m;
    }
}

// Where the row (n, z, y) of each target lies.
HWY_INLINE void point_at_targets(TileArguments& a, std::int64_t n, std::int64_t z, std::int64_t y,
                                 std::int64_t blocks) {
    for (std::int64_t b = 0; b < blocks; ++b) {
        const TargetBlock& t = a.targets[b];
        a.outputs[b] = t.data + n * t.batch_stride + z * t.plane_stride + y * t.row_stride;
        a.activations[b] = t.activation
                               ? t.activation + n * t.activation_batch_stride +
                                     z * t.activation_plane_stride + y * t.activation_row_stride
                               : nullptr;
    }
}

// All rows of a band for one chunk of sources and one panel of targets.
HWY_INLINE void compute_band(const DirectJob& job, TileArguments& a, std::int64_t n,
                             std::int64_t first_row, std::int64_t last_row, std::int64_t blocks) {
    for (std::int64_t row = first_row; row < last_row; ++row) {
        const std::int64_t z = row / job.grid.height, y = row % job.grid.height;
        for (std::int64_t s = 0; s < a.source_count; ++s) {
            const SourceBlock& source = a.sources[s];
            a.rows[s] = source.data + n * source.batch_stride + z * source.plane_stride +
                        y * source.row_stride;
        }
        point_at_targets(a, n, z, y, blocks);
        if (job.source_step == 16)
            blocks == 2 ? compute_row<panel_blocks, 16>(a, job.grid.width)
                        : compute_row<1, 16>(a, job.grid.width);
        else
            blocks == 2 ? compute_row<panel_blocks, 32>(a, job.grid.width)
                        : compute_row<1, 32>(a, job.grid.width);
    }
}

void direct(Context& context, const DirectJob& job) {
    // Sums that rest in the output between chunks would hide what is to be added to, so such chunks
    // are larger and each is added by itself. All targets of a job add, or none.
    const bool accumulate = job.targets[0].accumulate;
    const std::int64_t chunk = accumulate ? most_chunk_blocks : chunk_blocks;
    const std::int64_t rows = job.grid.depth * job.grid.height;
    const std::int64_t row_bytes = job.grid.width * job.source_step * 4 *
                                   (job.source_count < chunk ? job.source_count : chunk);
    std::int64_t band = band_bytes / row_bytes;
    band = band < 4 ? 4 : band;
    const std::int64_t bands = (rows + band - 1) / band;
    const std::int64_t panels = (job.target_count + panel_blocks - 1) / panel_blocks;
    // Many bands: an item takes all panels, so source rows are read from memory once.
    const std::int64_t groups = job.batch * bands >= 16 ? 1 : panels;

    parallel_for(context, job.batch * bands * groups, [&](std::int64_t item, int) {
        const std::int64_t group = item % groups, n = item / groups / bands;
        const std::int64_t first_row = item / groups % bands * band;
        const std::int64_t last_row = first_row + band < rows ? first_row + band : rows;
        TileArguments a;
        a.taps = job.taps;
        a.weight_target_stride = job.source_count * job.taps * 256;
        a.target_step = job.target_step;
        for (std::int64_t s = 0; s < job.source_count; s += chunk) {
            a.sources = job.sources + s;
            a.source_count = s + chunk < job.source_count ? chunk : job.source_count - s;
            a.first = accumulate || s == 0;
            a.last = accumulate || s + chunk >= job.source_count;
            const std::int64_t first = groups == 1 ? 0 : group,
                               last = groups == 1 ? panels : group + 1;
            for (std::int64_t p = first; p < last; ++p) {
                const std::int64_t block = p * panel_blocks;
                const std::int64_t left = job.target_count - block;
                a.targets = job.targets + block;
                a.weights = job.weights + block * a.weight_target_stride + s * job.taps * 256;
                compute_band(job, a, n, first_row, last_row,
                             left < panel_blocks ? left : panel_blocks);
            }
        }
        hwy::FlushStream();
    });
}
