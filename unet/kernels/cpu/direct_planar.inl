// Both ends of a network: direct convolutions that read images as the host has them, and such
// that write logits so. In blocks of 16 a grey image is 16 times as large, and logits of two
// classes 8 times: what a thread needs of them here is made and used up in its own cache. Included
// once per instruction set, after direct.inl, whose tiles these are: the same sums in the same
// order.

constexpr std::int64_t planar_floats = 32 * 1024;  // 128 KB, of an image's rows at a time
constexpr std::int64_t planar_columns = 512;       // of logits: 32 KB

constexpr std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// A part of an image beside the zeros around it.
struct PlanarPart {
    float* values;
    std::int64_t rows, width;  // of a plane
    std::int64_t plane() const { return rows * width; }
};

// Copies the columns from x on of a row; null is a row outside.
HWY_INLINE void copy_row(const float* row, std::int64_t x, std::int64_t row_width, float* to,
                         std::int64_t width) {
    std::int64_t i = 0;
    if (row != nullptr) {
        for (; i < width && x + i < 0; ++i) to[i] = 0.0f;
        const std::int64_t inside = smaller(width, row_width - x);
        for (; i < inside; ++i) to[i] = row[x + i];
    }
    for (; i < width; ++i) to[i] = 0.0f;
}

// What the grid pixels from (z, y, x) on read, whose first row and column are `part`'s.
HWY_INLINE void gather(const PlanarSource& source, std::int64_t n, std::int64_t z, std::int64_t y,
                       std::int64_t x, const PlanarPart& part) {
    float* to = part.values;
    const Size3& size = source.size;
    for (std::int64_t c = 0; c < source.channels; ++c)
        for (std::int64_t k = 0; k < source.kernel.depth; ++k)
            for (std::int64_t r = 0; r < part.rows; ++r, to += part.width) {
                const std::int64_t from_z = z - source.padding.depth + k;
                const std::int64_t from_y = y - source.padding.height + r;
                const bool outside =
                    from_z < 0 || from_z >= size.depth || from_y < 0 || from_y >= size.height;
                const std::int64_t row =
                    ((n * source.channels + c) * size.depth + from_z) * size.height + from_y;
                copy_row(outside ? nullptr : source.data + row * size.width,
                         x - source.padding.width, size.width, to, part.width);
            }
}

void direct_from_planar(Context& context, const DirectJob& job, const PlanarSource& source) {
    const Size3& kernel = source.kernel;
    const std::int64_t height = job.grid.height, width = job.grid.width;
    // Rows as long as four of them, and what a kernel reads below, have room; then as many as have.
    const std::int64_t planes = source.channels * kernel.depth;
    const std::int64_t room = planar_floats / planes;
    const std::int64_t columns =
        smaller(width, room < 64 * (kernel.height + 3) ? 64 : room / (kernel.height + 3));
    const std::int64_t part_width = columns + kernel.width - 1;
    std::int64_t rows = room / part_width - kernel.height + 1;
    rows = rows < 1 ? 1 : smaller(rows, height);
    const std::int64_t across = (width + columns - 1) / columns, down = (height + rows - 1) / rows;

    parallel_for(
        context, job.batch * job.grid.depth * down * across, [&](std::int64_t item, int thread) {
            const std::int64_t x = item % across * columns, y = item / across % down * rows;
            const std::int64_t z = item / across / down % job.grid.depth,
                               n = item / across / down / job.grid.depth;
            const std::int64_t count = smaller(columns, width - x), end = smaller(y + rows, height);
            const PlanarPart part{context.scratch(thread), end - y + kernel.height - 1,
                                  count + kernel.width - 1};
            gather(source, n, z, y, x, part);

            std::int64_t offsets[most_planar_taps];
            std::int64_t tap = 0;
            for (std::int64_t k = 0; k < kernel.depth; ++k)
                for (std::int64_t r = 0; r < kernel.height; ++r)
                    for (std::int64_t i = 0; i < kernel.width; ++i)
                        offsets[tap++] = k * part.plane() + r * part.width + i;
            const SourceBlock block{part.values, 0, 0, part.width, offsets, source.channels};
            TileArguments a;
            a.sources = &block;
            a.source_count = 1;
            a.channel_step = kernel.depth * part.plane();
            a.taps = job.taps;
            a.weight_target_stride = job.taps * 256;
            a.target_step = job.target_step;
            a.first = a.last = true;
            for (std::int64_t t = 0; t < job.target_count; t += panel_blocks) {
                const std::int64_t blocks = smaller(panel_blocks, job.target_count - t);
                a.targets = job.targets + t;
                a.weights = job.weights + t * a.weight_target_stride;
                for (std::int64_t row = y; row < end; ++row) {
                    a.rows[0] = part.values + (row - y) * part.width;
                    point_at_targets(a, n, z, row, blocks);
                    for (std::int64_t b = 0; b < blocks; ++b) a.outputs[b] += x * job.target_step;
                    blocks == 2 ? compute_row<panel_blocks, 1>(a, count)
                                : compute_row<1, 1>(a, count);
                }
            }
            hwy::FlushStream();
        });
}

void direct_to_planar(Context& context, const DirectJob& job, std::int64_t channels, float* host) {
    const std::int64_t width = job.grid.width, rows = job.grid.depth * job.grid.height;
    constexpr std::int64_t band = 4;
    const std::int64_t bands = (rows + band - 1) / band;
    parallel_for(context, job.batch * bands, [&](std::int64_t item, int thread) {
        float* values = context.scratch(thread);
        TargetBlock target = job.targets[0];
        target.past_caches = false;
        const std::int64_t n = item / bands, first = item % bands * band;
        TileArguments a;
        a.taps = job.taps;
        a.weights = job.weights;
        a.weight_target_stride = job.source_count * job.taps * 256;
        a.target_step = 16;
        a.sources = job.sources;
        a.source_count = job.source_count;
        a.first = a.last = true;
        a.targets = &target;
        a.outputs[0] = values;
        a.activations[0] = nullptr;
        for (std::int64_t row = first; row < smaller(first + band, rows); ++row)
            for (std::int64_t x = 0; x < width; x += planar_columns) {
                const std::int64_t count = smaller(planar_columns, width - x);
                for (std::int64_t s = 0; s < a.source_count; ++s) {
                    const SourceBlock& source = a.sources[s];
                    a.rows[s] = source.data + n * source.batch_stride +
                                row / job.grid.height * source.plane_stride +
                                row % job.grid.height * source.row_stride + x * 16;
                }
                compute_row<1, 16>(a, count);
                for (std::int64_t c = 0; c < channels; ++c) {
                    float* to = host + ((n * channels + c) * rows + row) * width + x;
                    for (std::int64_t i = 0; i < count; ++i) to[i] = values[i * 16 + c];
                }
            }
    });
}
