#include "unet/annotation/imagej/imagej_shapes.h"

#include <algorithm>
#include <cmath>

namespace unet {
namespace {

/// Lines that stand for a bend: a quarter of a circle of 1000 pixels is missed by 0.1.
constexpr int lines = 64;

/// So far from its corner lies the control point of a quarter of a circle of radius 1 (Java's
/// RoundRectangle2D): 1 - 4/3 (sqrt(2) - 1).
constexpr double from_corner = 0.44771525016920655;

}  // namespace

Curve oval_curve(double top, double left, double height, double width) {
    // Rows of pixels decide, so the line is known where it meets their middles: there it is exact,
    // between them it is straight.
    Curve rising, falling;
    const double radius = height / 2.0;
    const auto point = [&](double y, double x) {
        falling.push_back({y, left + width / 2.0 + x});
        rising.push_back({y, left + width / 2.0 - x});
    };
    point(top, 0.0);
    for (double y = std::floor(top) + 0.5; y < top + height; y += 1.0) {
        const double away = (y - top - radius) / radius;
        if (y > top) point(y, width / 2.0 * std::sqrt(std::max(0.0, 1.0 - away * away)));
    }
    point(top + height, 0.0);
    falling.insert(falling.end(), rising.rbegin() + 1, rising.rend() - 1);
    return falling;
}

Curve rounded_curve(double top, double left, double bottom, double right, double arc) {
    const double across = std::min(arc, right - left) / 2.0,
                 down = std::min(arc, bottom - top) / 2.0;
    const double x = across * from_corner, y = down * from_corner;
    Curve curve{{top + down, left}, {bottom - down, left}};
    append_cubic(curve, {bottom - y, left}, {bottom, left + x}, {bottom, left + across});
    curve.push_back({bottom, right - across});
    append_cubic(curve, {bottom, right - x}, {bottom - y, right}, {bottom - down, right});
    curve.push_back({top + down, right});
    append_cubic(curve, {top + y, right}, {top, right - x}, {top, right - across});
    curve.push_back({top, left + across});
    append_cubic(curve, {top, left + x}, {top + y, left}, {top + down, left});
    return curve;
}

void append_quadratic(Curve& curve, const PlacePoint& control, const PlacePoint& end) {
    const PlacePoint begin = curve.back();
    const auto towards = [&](const PlacePoint& from) {
        return PlacePoint{from.y + (control.y - from.y) * 2.0 / 3.0,
                          from.x + (control.x - from.x) * 2.0 / 3.0};
    };
    append_cubic(curve, towards(begin), towards(end), end);
}

void append_cubic(Curve& curve, const PlacePoint& first, const PlacePoint& second,
                  const PlacePoint& end) {
    const PlacePoint begin = curve.back();
    for (int i = 1; i <= lines; ++i) {
        const double t = static_cast<double>(i) / lines, s = 1.0 - t;
        const double a = s * s * s, b = 3.0 * s * s * t, c = 3.0 * s * t * t, d = t * t * t;
        curve.push_back({a * begin.y + b * first.y + c * second.y + d * end.y,
                         a * begin.x + b * first.x + c * second.x + d * end.x});
    }
}

}  // namespace unet
