// Between tensors and the 36 points of Winograd's tiles (winograd.inl): input tiles, filters and
// output tiles. Included once per instruction set.

constexpr int winograd_points = 36;
constexpr std::int64_t point_padding = 80;

// Place of a tile in the job's grid; tiles are counted through n, z, rows of tiles.
struct TilePlace {
    std::int64_t n, z, y, x;  // y, x: first output pixel
};

HWY_INLINE TilePlace tile_place(const WinogradJob& job, std::int64_t tile) {
    const std::int64_t x = tile % job.tiles_x, y = tile / job.tiles_x % job.tiles_y;
    const std::int64_t rest = tile / job.tiles_x / job.tiles_y;
    return {rest / job.grid.depth, rest % job.grid.depth, 4 * y, 4 * x};
}

HWY_INLINE void next_tile(const WinogradJob& job, TilePlace& p) {
    if ((p.x += 4) < job.grid.width) return;
    p.x = 0;
    if ((p.y += 4) < job.grid.height) return;
    p.y = 0;
    if (++p.z < job.grid.depth) return;
    p.z = 0;
    ++p.n;
}

// Copies the part of an N x N tile that exists into `copy`, zeros elsewhere.
template <int N>
HWY_INLINE void copy_edge_tile(const float* source, std::int64_t row, std::int64_t rows,
                               std::int64_t columns, float* copy) {
    const Tag d;
    for (std::int64_t i = 0; i < N; ++i)
        for (std::int64_t j = 0; j < N; ++j)
            for (std::int64_t v = 0; v < 16; v += lanes)
                hn::Store(i < rows && j < columns ? hn::Load(d, source + i * row + j * 16 + v)
                                                  : hn::Zero(d),
                          d, copy + (i * N + j) * 16 + v);
}

// `count` tiles of one channel block: N x N values at 4x4 steps -> 36 points. A tile has `reach`
// values beyond the grid's end that may be read (2 for inputs, 0 for gradients).
template <class Transform>
void transform_block(const WinogradJob& job, const SourceBlock& block, std::int64_t reach,
                     std::int64_t first, std::int64_t count, float* points,
                     std::int64_t point_stride) {
    constexpr int N = Transform::from;
    const Tag d;
    HWY_ALIGN float edge[N * N * 16];
    TilePlace p = tile_place(job, first);
    for (std::int64_t t = 0; t < count; ++t, points += 16, next_tile(job, p)) {
        const float* source = block.data + block.tap_offsets[0] + p.n * block.batch_stride +
                              p.z * block.plane_stride + p.y * block.row_stride + p.x * 16;
        std::int64_t row = block.row_stride;
        const std::int64_t rows = job.grid.height - p.y + reach;
        const std::int64_t columns = job.grid.width - p.x + reach;
        if (rows < N || columns < N) {
            copy_edge_tile<N>(source, row, rows, columns, edge);
            source = edge;
            row = N * 16;
        }
        // The tile after the next: where tensors do not fit the caches, a tenth of the time.
        for (int i = 0; i < N; ++i)
            for (int j = 8; j < 12; ++j) hwy::Prefetch(source + i * row + j * 16);
        UNET_UNROLL
        for (int v = 0; v < block_vectors; ++v) {
            Vec result[6][6];
            transform_tile<Transform>(source + v * lanes, row, result);
            UNET_UNROLL
            for (int i = 0; i < 6; ++i) {
                UNET_UNROLL
                for (int j = 0; j < 6; ++j)
                    hn::Store(result[i][j], d, points + (i * 6 + j) * point_stride + v * lanes);
            }
        }
    }
}

// The way back sees filters turned by half a turn, and targets where sources were.
HWY_INLINE void turn_filters(const float* weights, float* turned) {
    const hn::FixedTag<float, 4> d;
    for (std::int64_t t = 0; t < 9; ++t)
        for (std::int64_t a = 0; a < 16; a += 4)
            for (std::int64_t b = 0; b < 16; b += 4) {
                const float* from = weights + (8 - t) * 256 + b * 16 + a;
                float* to = turned + t * 256 + a * 16 + b;
                const auto r0 = hn::Load(d, from), r1 = hn::Load(d, from + 16);
                const auto r2 = hn::Load(d, from + 32), r3 = hn::Load(d, from + 48);
                const auto low02 = hn::InterleaveLower(d, r0, r2);
                const auto low13 = hn::InterleaveLower(d, r1, r3);
                const auto high02 = hn::InterleaveUpper(d, r0, r2);
                const auto high13 = hn::InterleaveUpper(d, r1, r3);
                hn::Store(hn::InterleaveLower(d, low02, low13), d, to);
                hn::Store(hn::InterleaveUpper(d, low02, low13), d, to + 16);
                hn::Store(hn::InterleaveLower(d, high02, high13), d, to + 32);
                hn::Store(hn::InterleaveUpper(d, high02, high13), d, to + 48);
            }
}

// Filters of a source block for a block of targets -> 36 points of 16 rows of 16 floats.
HWY_INLINE void transform_filters(const WinogradJob& job, std::int64_t target, std::int64_t block,
                                  float* points, std::int64_t point_stride) {
    const Tag d;
    HWY_ALIGN float turned[9 * 256];
    const float* weights =
        job.weights + target * job.weight_target_stride + block * job.weight_source_stride;
    if (job.turned) {
        turn_filters(weights, turned);
        weights = turned;
    }
    for (std::int64_t c = 0; c < 16; ++c) {
        const float* source = weights + c * 16;
        UNET_UNROLL
        for (int v = 0; v < block_vectors; ++v) {
            Vec columns[6][3];
            UNET_UNROLL
            for (int j = 0; j < 3; ++j) {
                Vec filter[3], out[6];
                UNET_UNROLL
                for (int i = 0; i < 3; ++i)
                    filter[i] = hn::Load(d, source + (i * 3 + j) * 256 + v * lanes);
                FilterTransform::apply(filter, out);
                UNET_UNROLL
                for (int i = 0; i < 6; ++i) columns[i][j] = out[i];
            }
            UNET_UNROLL
            for (int i = 0; i < 6; ++i) {
                Vec out[6];
                FilterTransform::apply(columns[i], out);
                UNET_UNROLL
                for (int j = 0; j < 6; ++j)
                    hn::Store(out[j], d, points + (i * 6 + j) * point_stride + c * 16 + v * lanes);
            }
        }
    }
}

// Products of one tile block and one panel -> pixels, through the epilogue of a target, and their
// maxima in each 2x2 where the job pools.
template <bool Pools>
void transform_output(const WinogradJob& job, std::int64_t index, const float* products,
                      std::int64_t point_stride, std::int64_t first, std::int64_t count) {
    const Tag d;
    const TargetBlock& target = job.targets[index];
    const std::int64_t top = Pools ? (job.grid.height - job.stored.height) / 2 : 0;
    const std::int64_t left = Pools ? (job.grid.width - job.stored.width) / 2 : 0;
    TilePlace p = tile_place(job, first);
    for (std::int64_t t = 0; t < count; ++t, products += 16, next_tile(job, p)) {
        const std::int64_t rows = job.grid.height - p.y, columns = job.grid.width - p.x;
        // What of the tile is stored.
        const std::int64_t first_row = Pools ? top - p.y : 0;
        const std::int64_t first_column = Pools ? left - p.x : 0;
        const std::int64_t end_row = top - p.y + job.stored.height;
        const std::int64_t end_column = left - p.x + job.stored.width;
        float* output = target.data + p.n * target.batch_stride + p.z * target.plane_stride +
                        (p.y - top) * target.row_stride + (p.x - left) * 16;
        const float* activation = target.activation
                                      ? target.activation + p.n * target.activation_batch_stride +
                                            p.z * target.activation_plane_stride +
                                            p.y * target.activation_row_stride + p.x * 16
                                      : nullptr;
        for (int i = 0; i < 4; ++i)
            for (int j = 4; j < 8; ++j) {
                if (!passes_caches(target) && i >= first_row && i < end_row && j >= first_column &&
                    j < end_column)
                    __builtin_prefetch(output + i * target.row_stride + j * 16, 1);
                if (activation)
                    hwy::Prefetch(activation + i * target.activation_row_stride + j * 16);
            }
        UNET_UNROLL
        for (int v = 0; v < block_vectors; ++v) {
            Vec lines[6][4];
            UNET_UNROLL
            for (int i = 0; i < 6; ++i) {
                Vec in[6];
                UNET_UNROLL
                for (int j = 0; j < 6; ++j)
                    in[j] = hn::Load(d, products + (i * 6 + j) * point_stride + v * lanes);
                OutputTransform::apply(in, lines[i]);
            }
            const Vec bias = target.bias ? hn::Load(d, target.bias + v * lanes) : hn::Zero(d);
            Vec upper = bias, lower = bias;  // of the last even column
            UNET_UNROLL
            for (int j = 0; j < 4; ++j) {
                if (j >= columns) break;
                const bool inside = j >= first_column && j < end_column;
                Vec in[6], out[4];
                UNET_UNROLL
                for (int i = 0; i < 6; ++i) in[i] = lines[i][j];
                OutputTransform::apply(in, out);
                UNET_UNROLL
                for (int i = 0; i < 4; ++i) {
                    out[i] = hn::Add(out[i], bias);
                    if (target.relu) out[i] = hn::Max(out[i], hn::Zero(d));
                    if (!inside || i < first_row || i >= end_row) continue;
                    float* place = output + i * target.row_stride + j * 16 + v * lanes;
                    Vec value = out[i];
                    if (activation) {
                        const Vec active = hn::Load(
                            d, activation + i * target.activation_row_stride + j * 16 + v * lanes);
                        value = hn::IfThenElseZero(hn::Gt(active, hn::Zero(d)),
                                                   hn::Mul(value, hn::Set(d, target.scale)));
                    }
                    if (target.accumulate) value = hn::Add(hn::Load(d, place), value);
                    store(value, passes_caches(target), place);
                }
                if constexpr (Pools) {
                    const Vec first_two = hn::Max(out[0], out[1]);
                    const Vec last_two = hn::Max(out[2], out[3]);
                    if (j % 2 == 1) {
                        const TargetBlock& pooled = job.pooled[index];
                        float* place = pooled.data + p.n * pooled.batch_stride +
                                       p.z * pooled.plane_stride + p.y / 2 * pooled.row_stride +
                                       (p.x + j) / 2 * 16 + v * lanes;
                        store(hn::Max(upper, first_two), passes_caches(pooled), place);
                        if (rows > 2)
                            store(hn::Max(lower, last_two), passes_caches(pooled),
                                  place + pooled.row_stride);
                    }
                    upper = first_two;
                    lower = last_two;
                }
            }
        }
    }
}
