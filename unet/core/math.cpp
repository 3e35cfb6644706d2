#include "unet/core/math.h"

#include <bit>
#include <cstdint>
#include <limits>

#include "unet/core/series.h"

namespace unet {
namespace {

/// 2^power for -1022 <= power <= 1023.
double power_of_two(std::int64_t power) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(power + 1023) << 52);
}

// sin and cos on [-pi/4, pi/4] by their Taylor series; the first term left out is below 1e-17.
double sin_near_zero(double x) {
    const double s = x * x;
    double sum = 0.0;
    for (int k = 17; k >= 3; k -= 2) sum = (1.0 + sum) * (-s / (k * (k - 1)));
    return x + x * sum;
}
double cos_near_zero(double x) {
    const double s = x * x;
    double sum = 0.0;
    for (int k = 18; k >= 2; k -= 2) sum = (1.0 + sum) * (-s / (k * (k - 1)));
    return 1.0 + sum;
}

double quadrant_sin(double x, int shift) {
    // pi/2 in two parts: the first has 33 bits, so its product with a count below 2^20 is exact.
    constexpr double half_pi_high = 1.57079632673412561417e+00;
    constexpr double half_pi_low = 6.07710050650619224932e-11;
    const double count = std::floor(x / (pi / 2) + 0.5);
    const double rest = (x - count * half_pi_high) - count * half_pi_low;
    const auto quadrant = (static_cast<std::int64_t>(count) + shift) & 3;
    const double value = quadrant & 1 ? cos_near_zero(rest) : sin_near_zero(rest);
    return quadrant & 2 ? -value : value;
}

}  // namespace

double exp_of(double x) {
    if (!(x >= -708.0)) return x < -708.0 ? 0.0 : x;
    if (x > 709.0) return std::numeric_limits<double>::infinity();
    const double count = std::floor(x / (ln2_high + ln2_low) + 0.5);
    const double rest = (x - count * ln2_high) - count * ln2_low;
    double sum = series.inverse_factorials[exp_terms - 1];
    for (int k = exp_terms - 1; k-- > 0;) sum = sum * rest + series.inverse_factorials[k];
    // Twice half the power: 2^1024 itself is no double.
    const auto power = static_cast<std::int64_t>(count);
    return sum * power_of_two(power / 2) * power_of_two(power - power / 2);
}

double log_of(double x) {
    if (x == 0.0) return -std::numeric_limits<double>::infinity();
    if (!(x > 0.0)) return std::numeric_limits<double>::quiet_NaN();
    if (x == std::numeric_limits<double>::infinity()) return x;
    std::int64_t exponent = 0;
    if (x < std::numeric_limits<double>::min()) {  // subnormal
        x *= 0x1p54;
        exponent = -54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    exponent += static_cast<std::int64_t>(bits >> 52) - 1022;
    double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffull) | 0x3fe0000000000000ull);
    if (mantissa < 0.70710678118654752440) {
        mantissa *= 2.0;
        --exponent;
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is at most 0.172
    const double t = (mantissa - 1.0) / (mantissa + 1.0), s = t * t;
    double sum = series.inverse_odds[log_terms - 1];
    for (int k = log_terms - 1; k-- > 0;) sum = sum * s + series.inverse_odds[k];
    const auto e = static_cast<double>(exponent);
    return e * ln2_high + (2.0 * t * sum + e * ln2_low);
}

double sin_of(double x) { return quadrant_sin(x, 0); }
double cos_of(double x) { return quadrant_sin(x, 1); }

double power_of(double base, double exponent) {
    if (exponent == 0.0) return 1.0;
    if (base == 0.0) return 0.0;
    return exp_of(exponent * log_of(base));
}

}  // namespace unet
