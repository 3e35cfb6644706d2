#include "unet/core/angle.h"

#include <cmath>
#include <utility>

#include "unet/core/math.h"

namespace unet {
namespace {

/// Arc tangent of 0 <= t <= 1. Two halvings of the angle bring t below 0.199, where the Taylor
/// series of 12 terms leaves out less than 1e-17.
double arc_tangent(double t) {
    for (int halving = 0; halving < 2; ++halving) t = t / (1.0 + sqrt_of(1.0 + t * t));
    const double square = t * t;
    double sum = 0.0;
    for (int k = 11; k >= 0; --k) sum = 1.0 / (2 * k + 1) - square * sum;
    return 4.0 * t * sum;
}

}  // namespace

double angle_of(double y, double x) {
    double small = std::fabs(y), large = std::fabs(x);
    if (small == 0.0 && large == 0.0) return 0.0;
    const bool steep = small > large;
    if (steep) std::swap(small, large);
    double angle = arc_tangent(small / large);
    if (steep) angle = pi / 2 - angle;
    if (x < 0.0) angle = pi - angle;
    return y < 0.0 ? -angle : angle;
}

}  // namespace unet
