#pragma once

namespace unet {

// Numbers that exp_of and log_of (math.h) and their vector twins (kernels/cpu/math.inl) share, so
// that both give the same bits. Plain arrays: nothing of the standard library, see
// kernels/cpu/jobs.h.

/// ln 2 in two parts: the first has 32 bits, so its product with a count below 2^20 is exact.
inline constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;

/// Terms of e^r = sum of r^k / k! for |r| <= ln(2) / 2; the first one left out is below 1e-17.
inline constexpr int exp_terms = 15;
/// Terms of artanh(t) / t = sum of t^2k / (2k + 1) for |t| <= 0.172.
inline constexpr int log_terms = 11;

struct Series {
    double inverse_factorials[exp_terms];
    double inverse_odds[log_terms];
};

inline constexpr Series series = [] {
    Series s{};
    double factorial = 1.0;
    for (int k = 0; k < exp_terms; ++k) {
        if (k > 0) factorial *= k;
        s.inverse_factorials[k] = 1.0 / factorial;
    }
    for (int k = 0; k < log_terms; ++k) s.inverse_odds[k] = 1.0 / (2 * k + 1);
    return s;
}();

}  // namespace unet
