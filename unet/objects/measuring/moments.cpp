#include "unet/objects/measuring/moments.h"

#include <algorithm>
#include <cmath>

#include "unet/core/angle.h"
#include "unet/core/math.h"

namespace unet {
namespace {

/// Sums over the pixels of an object of their distances to (y, x): exact below 2^53.
struct Sums {
    double y = 0.0, x = 0.0, yy = 0.0, xx = 0.0, yx = 0.0;
};

Sums sums_about(std::span<const PixelRun> runs, std::int64_t y, std::int64_t x) {
    Sums sums;
    for (const PixelRun& run : runs) {
        // Of the distances d, d + 1, ..., d + n - 1 and of their squares.
        const std::int64_t n = run.end - run.begin, d = run.begin - x, down = run.y - y;
        const std::int64_t along = n * d + n * (n - 1) / 2;
        const std::int64_t squares = n * d * d + d * n * (n - 1) + (n - 1) * n * (2 * n - 1) / 6;
        sums.y += static_cast<double>(n * down);
        sums.x += static_cast<double>(along);
        sums.yy += static_cast<double>(n * down * down);
        sums.xx += static_cast<double>(squares);
        sums.yx += static_cast<double>(down * along);
    }
    return sums;
}

}  // namespace

Moments moments_of(std::span<const PixelRun> runs) {
    Moments moments;
    for (const PixelRun& run : runs) moments.pixels += run.end - run.begin;
    const auto count = static_cast<double>(moments.pixels);
    const std::int64_t top = runs.front().y, left = runs.front().begin;
    const Sums rough = sums_about(runs, top, left);
    // About the pixel next to the centroid, so that differences of large sums lose no digits.
    const auto y = top + static_cast<std::int64_t>(std::floor(rough.y / count + 0.5));
    const auto x = left + static_cast<std::int64_t>(std::floor(rough.x / count + 0.5));
    const Sums sums = sums_about(runs, y, x);
    const double dy = sums.y / count, dx = sums.x / count;
    moments.y = static_cast<double>(y) + dy;
    moments.x = static_cast<double>(x) + dx;
    moments.variance_y = sums.yy / count - dy * dy;
    moments.variance_x = sums.xx / count - dx * dx;
    moments.covariance = sums.yx / count - dy * dx;
    return moments;
}

Ellipse ellipse_of(const Moments& moments, double pixel_height, double pixel_width) {
    const double yy = moments.variance_y * pixel_height * pixel_height;
    const double xx = moments.variance_x * pixel_width * pixel_width;
    const double yx = moments.covariance * pixel_height * pixel_width;
    // Eigenvalues of the covariance matrix.
    const double root = sqrt_of(4.0 * yx * yx + (xx - yy) * (xx - yy));
    const double large = 0.5 * (xx + yy + root), small = std::max(0.0, 0.5 * (xx + yy - root));
    Ellipse ellipse;
    ellipse.major = 4.0 * sqrt_of(large);
    ellipse.minor = 4.0 * sqrt_of(small);
    ellipse.eccentricity = large > 0.0 ? sqrt_of(1.0 - small / large) : 0.0;
    if (xx == yy)
        ellipse.orientation = yx > 0.0 ? pi / 4 : -pi / 4;
    else
        ellipse.orientation = 0.5 * angle_of(2.0 * yx, yy - xx);
    return ellipse;
}

}  // namespace unet
