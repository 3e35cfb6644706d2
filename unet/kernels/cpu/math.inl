// exp_of and log_of of unet/core/math.h over arrays, in the range that a softmax needs. Included
// once per instruction set. Products and sums are rounded one by one, as there: same bits.

using DoubleTag = hn::CappedTag<double, 8>;
using IntegerTag = hn::Rebind<std::int64_t, DoubleTag>;

// values[k] = e^values[k] for values <= 0; `count` is a multiple of 8.
void exponentials(double* values, std::int64_t count) {
    const DoubleTag d;
    const IntegerTag i;
    const auto low = hn::Set(d, -708.0);
    for (std::int64_t k = 0; k < count; k += static_cast<std::int64_t>(hn::Lanes(d))) {
        const auto x = hn::Load(d, values + k);
        const auto near = hn::Max(x, low);
        const auto number =
            hn::Floor(hn::Add(hn::Div(near, hn::Set(d, ln2_high + ln2_low)), hn::Set(d, 0.5)));
        const auto rest = hn::Sub(hn::Sub(near, hn::Mul(number, hn::Set(d, ln2_high))),
                                  hn::Mul(number, hn::Set(d, ln2_low)));
        auto sum = hn::Set(d, series.inverse_factorials[exp_terms - 1]);
        UNET_UNROLL
        for (int term = exp_terms - 2; term >= 0; --term)
            sum = hn::Add(hn::Mul(sum, rest), hn::Set(d, series.inverse_factorials[term]));
        const auto power =
            hn::ShiftLeft<52>(hn::Add(hn::ConvertTo(i, number), hn::Set(i, std::int64_t{1023})));
        const auto result = hn::Mul(sum, hn::BitCast(d, power));
        // Below: 0, or what is no number.
        const auto other = hn::IfThenZeroElse(hn::Lt(x, low), x);
        hn::Store(hn::IfThenElse(hn::Ge(x, low), result, other), d, values + k);
    }
}

// values[k] = ln values[k] for finite values >= 1; what is no number stays so. As above.
void logarithms(double* values, std::int64_t count) {
    const DoubleTag d;
    const IntegerTag i;
    for (std::int64_t k = 0; k < count; k += static_cast<std::int64_t>(hn::Lanes(d))) {
        const auto x = hn::Load(d, values + k);
        const auto bits = hn::BitCast(i, x);
        const auto fraction =
            hn::Or(hn::And(bits, hn::Set(i, 0xfffffffffffffll)), hn::Set(i, 0x3fe0000000000000ll));
        const auto half = hn::BitCast(d, fraction);  // in [0.5, 1)
        const auto small = hn::Lt(half, hn::Set(d, 0.70710678118654752440));
        const auto mantissa = hn::IfThenElse(small, hn::Add(half, half), half);
        const auto one = hn::Set(d, 1.0);
        auto e = hn::Sub(hn::ConvertTo(d, hn::ShiftRight<52>(bits)), hn::Set(d, 1022.0));
        e = hn::IfThenElse(small, hn::Sub(e, one), e);
        const auto t = hn::Div(hn::Sub(mantissa, one), hn::Add(mantissa, one));
        const auto s = hn::Mul(t, t);
        auto sum = hn::Set(d, series.inverse_odds[log_terms - 1]);
        UNET_UNROLL
        for (int term = log_terms - 2; term >= 0; --term)
            sum = hn::Add(hn::Mul(sum, s), hn::Set(d, series.inverse_odds[term]));
        const auto result = hn::Add(
            hn::Mul(e, hn::Set(d, ln2_high)),
            hn::Add(hn::Mul(hn::Mul(hn::Set(d, 2.0), t), sum), hn::Mul(e, hn::Set(d, ln2_low))));
        hn::Store(hn::IfThenElse(hn::Eq(x, x), result, x), d, values + k);
    }
}
