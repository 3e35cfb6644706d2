// Max-pooling and batch norm, a row of 16-channel pixels at a time. Included once per instruction
// set.

template <class Function>
HWY_INLINE void for_vectors(std::int64_t count, Function function) {
    for (std::int64_t p = 0; p < count; ++p) UNET_UNROLL
    for (int v = 0; v < block_vectors; ++v) function(p, v * lanes);
}

void max_pool_row(const float* const* rows, std::int64_t row_count, std::int64_t step,
                  float* output, std::int64_t count) {
    const Tag d;
    for_vectors(count, [&](std::int64_t p, std::int64_t lane) {
        Vec best = hn::Load(d, rows[0] + p * step * 16 + lane);
        for (std::int64_t r = 0; r < row_count; ++r)
            for (std::int64_t k = 0; k < step; ++k)
                best = hn::Max(best, hn::Load(d, rows[r] + (p * step + k) * 16 + lane));
        hn::Store(best, d, output + p * 16 + lane);
    });
}

void max_pool_row_backward(const float* const* rows, float* const* gradient_rows,
                           const float* const* activation_rows, std::int64_t row_count,
                           std::int64_t step, const float* output, const float* grad_output,
                           float scale, bool accumulate, std::int64_t count) {
    const Tag d;
    for_vectors(count, [&](std::int64_t p, std::int64_t lane) {
        const Vec best = hn::Load(d, output + p * 16 + lane);
        // What is left to give: all of it until the first pixel that holds the maximum took it.
        Vec gradient = hn::Load(d, grad_output + p * 16 + lane);
        for (std::int64_t r = 0; r < row_count; ++r)
            for (std::int64_t k = 0; k < step; ++k) {
                const std::int64_t at = (p * step + k) * 16 + lane;
                const auto taken = hn::Eq(hn::Load(d, rows[r] + at), best);
                Vec value = hn::IfThenElseZero(taken, gradient);
                gradient = hn::IfThenZeroElse(taken, gradient);
                if (activation_rows)
                    value = hn::IfThenElseZero(
                        hn::Gt(hn::Load(d, activation_rows[r] + at), hn::Zero(d)),
                        hn::Mul(value, hn::Set(d, scale)));
                float* place = gradient_rows[r] + at;
                hn::Store(accumulate ? hn::Add(hn::Load(d, place), value) : value, d, place);
            }
    });
}

HWY_INLINE void add_to_doubles(Vec values, double* sums) {
    alignas(64) float lane_values[lanes];
    hn::Store(values, Tag(), lane_values);
    for (std::int64_t k = 0; k < lanes; ++k) sums[k] += static_cast<double>(lane_values[k]);
}

void row_moments(const float* row, const float* pivot, std::int64_t count, double* sums) {
    const Tag d;
    for (std::int64_t lane = 0; lane < 16; lane += lanes) {
        const Vec origin = hn::Load(d, pivot + lane);
        Vec first = hn::Zero(d), second = hn::Zero(d);
        for (std::int64_t p = 0; p < count; ++p) {
            const Vec value = hn::Sub(hn::Load(d, row + p * 16 + lane), origin);
            first = hn::Add(first, value);
            second = hn::MulAdd(value, value, second);
        }
        add_to_doubles(first, sums + lane);
        add_to_doubles(second, sums + 16 + lane);
    }
}

void row_products(const float* gradient, const float* row, const float* mean, std::int64_t count,
                  double* sums) {
    const Tag d;
    for (std::int64_t lane = 0; lane < 16; lane += lanes) {
        const Vec origin = hn::Load(d, mean + lane);
        Vec first = hn::Zero(d), second = hn::Zero(d);
        for (std::int64_t p = 0; p < count; ++p) {
            const Vec g = hn::Load(d, gradient + p * 16 + lane);
            first = hn::Add(first, g);
            second = hn::MulAdd(g, hn::Sub(hn::Load(d, row + p * 16 + lane), origin), second);
        }
        add_to_doubles(first, sums + lane);
        add_to_doubles(second, sums + 16 + lane);
    }
}

void row_affine(const float* row, const float* scale, const float* shift, bool relu, float* output,
                std::int64_t count) {
    const Tag d;
    for_vectors(count, [&](std::int64_t p, std::int64_t lane) {
        Vec value = hn::MulAdd(hn::Load(d, row + p * 16 + lane), hn::Load(d, scale + lane),
                               hn::Load(d, shift + lane));
        if (relu) value = hn::Max(value, hn::Zero(d));
        hn::Store(value, d, output + p * 16 + lane);
    });
}

void row_gradient(float* gradient, const float* row, const float* mean, const float* a,
                  const float* b, const float* c, std::int64_t count) {
    const Tag d;
    for_vectors(count, [&](std::int64_t p, std::int64_t lane) {
        const Vec centred = hn::Sub(hn::Load(d, row + p * 16 + lane), hn::Load(d, mean + lane));
        const Vec value =
            hn::MulAdd(hn::Load(d, gradient + p * 16 + lane), hn::Load(d, a + lane),
                       hn::MulAdd(centred, hn::Load(d, b + lane), hn::Load(d, c + lane)));
        hn::Store(value, d, gradient + p * 16 + lane);
    });
}
