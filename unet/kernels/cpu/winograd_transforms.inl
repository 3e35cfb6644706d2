// The matrices of Winograd's F(4x4, 3x3), applied to rows and columns of a tile in registers.
// Included once per instruction set; winograd.inl has the formula and its source.

struct InputTransform {  // B^T d, 6 -> 6
    static constexpr int from = 6, to = 6;
    static HWY_INLINE void apply(const Vec* d, Vec* o) {
        const Tag t;
        const Vec two = hn::Set(t, 2.0f), four = hn::Set(t, 4.0f), five = hn::Set(t, 5.0f);
        const Vec even = hn::NegMulAdd(four, d[2], d[4]), odd = hn::NegMulAdd(four, d[1], d[3]);
        const Vec even2 = hn::Sub(d[4], d[2]), odd2 = hn::Sub(d[3], d[1]);
        o[0] = hn::MulAdd(four, d[0], hn::NegMulAdd(five, d[2], d[4]));
        o[1] = hn::Add(even, odd);
        o[2] = hn::Sub(even, odd);
        o[3] = hn::MulAdd(two, odd2, even2);
        o[4] = hn::NegMulAdd(two, odd2, even2);
        o[5] = hn::MulAdd(four, d[1], hn::NegMulAdd(five, d[3], d[5]));
    }
};

struct OutputTransform {  // A^T m, 6 -> 4
    static constexpr int from = 6, to = 4;
    static HWY_INLINE void apply(const Vec* m, Vec* o) {
        const Tag t;
        const Vec sum1 = hn::Add(m[1], m[2]), difference1 = hn::Sub(m[1], m[2]);
        const Vec sum2 = hn::Add(m[3], m[4]), difference2 = hn::Sub(m[3], m[4]);
        o[0] = hn::Add(m[0], hn::Add(sum1, sum2));
        o[1] = hn::MulAdd(hn::Set(t, 2.0f), difference2, difference1);
        o[2] = hn::MulAdd(hn::Set(t, 4.0f), sum2, sum1);
        o[3] = hn::Add(hn::MulAdd(hn::Set(t, 8.0f), difference2, difference1), m[5]);
    }
};

struct FilterTransform {  // G g, 3 -> 6
    static constexpr int from = 3, to = 6;
    static HWY_INLINE void apply(const Vec* g, Vec* o) {
        const Tag t;
        const Vec sum = hn::Add(g[0], g[2]);
        const Vec far =
            hn::MulAdd(hn::Set(t, 1.0f / 24), g[0], hn::Mul(hn::Set(t, 1.0f / 6), g[2]));
        const Vec twelfth = hn::Mul(hn::Set(t, 1.0f / 12), g[1]);
        o[0] = hn::Mul(hn::Set(t, 0.25f), g[0]);
        o[1] = hn::Mul(hn::Set(t, -1.0f / 6), hn::Add(sum, g[1]));
        o[2] = hn::Mul(hn::Set(t, -1.0f / 6), hn::Sub(sum, g[1]));
        o[3] = hn::Add(far, twelfth);
        o[4] = hn::Sub(far, twelfth);
        o[5] = g[2];
    }
};

// Rows and columns: from x from values (row distance `row`, neighbours 16 apart) to `to` x `to`.
template <class Transform>
HWY_INLINE void transform_tile(const float* source, std::int64_t row,
                               Vec (&result)[Transform::to][Transform::to]) {
    const Tag d;
    Vec columns[Transform::to][Transform::from];
    UNET_UNROLL
    for (int j = 0; j < Transform::from; ++j) {
        Vec in[Transform::from], out[Transform::to];
        UNET_UNROLL
        for (int i = 0; i < Transform::from; ++i) in[i] = hn::Load(d, source + i * row + j * 16);
        Transform::apply(in, out);
        UNET_UNROLL
        for (int i = 0; i < Transform::to; ++i) columns[i][j] = out[i];
    }
    UNET_UNROLL
    for (int i = 0; i < Transform::to; ++i) Transform::apply(columns[i], result[i]);
}
