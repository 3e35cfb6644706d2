#pragma once

#include <cmath>

namespace unet {

// Elementary functions whose bits are ours. The C library picks other code for other processors, so
// its results may differ in the last bit from machine to machine; these use only +, -, *, / and
// sqrt, which IEEE 754 fixes. Relative error below 1e-14 in the stated range.

inline constexpr double pi = 3.141592653589793238462643383279502884;

/// e^x; 0 below -708, infinity above 709.
double exp_of(double x);
/// Natural logarithm of x > 0; -infinity at 0.
double log_of(double x);
/// Sine and cosine for |x| <= 1e5, absolute error below 1e-11 at the far end.
double sin_of(double x);
double cos_of(double x);
/// base^exponent for base > 0 (0 for base = 0).
double power_of(double base, double exponent);
/// Correctly rounded by IEEE 754.
inline double sqrt_of(double x) { return std::sqrt(x); }

}  // namespace unet
