#include "unet/objects/measuring/convex_hull.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "unet/core/math.h"

namespace unet {
namespace {

/// The first and the last pixel of a row; first > last where it has none.
struct Extremes {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();

    bool empty() const { return first > last; }
    void add(const Extremes& other) {
        first = std::min(first, other.first);
        last = std::max(last, other.last);
    }
};

/// Rows from `top` on.
struct RowExtremes {
    std::int64_t top = 0;
    std::vector<Extremes> rows;
};

RowExtremes extremes_of(std::span<const PixelRun> runs) {
    RowExtremes result{runs.front().y, {}};
    result.rows.resize(runs.back().y - result.top + 1);
    for (const PixelRun& run : runs) result.rows[run.y - result.top].add({run.begin, run.end - 1});
    return result;
}

/// Both sides of the convex polygon, corner by corner from its top to its bottom.
struct Sides {
    std::vector<HalfPixelPoint> left, right;
};

/// Adds a point below those of a side, dropping corners that the polygon no longer has. `outwards`:
/// -1 at the left, 1 at the right.
void extend(std::vector<HalfPixelPoint>& side, HalfPixelPoint point, std::int64_t outwards) {
    while (side.size() >= 2) {
        const HalfPixelPoint a = side[side.size() - 2], b = side.back();
        const std::int64_t beyond = (b.x - a.x) * (point.y - a.y) - (point.x - a.x) * (b.y - a.y);
        if (beyond * outwards > 0) break;
        side.pop_back();
    }
    side.push_back(point);
}

/// The polygon round the middles of all edges. Only the first and the last pixel of a row can give
/// corners.
Sides sides_of(const RowExtremes& extremes) {
    Sides sides;
    const auto count = static_cast<std::int64_t>(extremes.rows.size());
    for (std::int64_t row = 0; row <= count; ++row) {
        const std::int64_t y = 2 * (extremes.top + row);
        Extremes between;  // the upper edges of this row and the lower ones of the row above
        if (row > 0) between.add(extremes.rows[row - 1]);
        if (row < count) between.add(extremes.rows[row]);
        if (!between.empty()) {
            extend(sides.left, {y - 1, 2 * between.first}, -1);
            extend(sides.right, {y - 1, 2 * between.last}, 1);
        }
        if (row == count) break;
        const Extremes& own = extremes.rows[row];
        if (own.empty()) continue;
        extend(sides.left, {y, 2 * own.first - 1}, -1);
        extend(sides.right, {y, 2 * own.last + 1}, 1);
    }
    return sides;
}

/// Rounded down, for a divisor above 0.
std::int64_t quotient(std::int64_t value, std::int64_t divisor) {
    return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}

/// Where a side crosses the rows of pixels, top to bottom.
class Crossing {
public:
    explicit Crossing(const std::vector<HalfPixelPoint>& side) : side_(side) {}

    /// The last column at or left of the side in row `y` (in half pixels, never less than before).
    std::int64_t last_column(std::int64_t y) {
        const auto [position, scale] = at(y);
        return quotient(position, scale);
    }
    /// The first column at or right of it.
    std::int64_t first_column(std::int64_t y) {
        const auto [position, scale] = at(y);
        return -quotient(-position, scale);
    }

private:
    struct Fraction {
        std::int64_t numerator, denominator;  ///< in pixels
    };
    Fraction at(std::int64_t y) {
        while (side_[next_].y < y) ++next_;
        const HalfPixelPoint a = side_[next_ - 1], b = side_[next_];
        return {a.x * (b.y - a.y) + (b.x - a.x) * (y - a.y), 2 * (b.y - a.y)};
    }

    const std::vector<HalfPixelPoint>& side_;
    std::size_t next_ = 1;
};

RowExtremes pixels_inside(const Sides& sides, std::int64_t top, std::size_t rows) {
    RowExtremes inside{top, {}};
    Crossing left(sides.left), right(sides.right);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::int64_t y = 2 * (top + static_cast<std::int64_t>(row));
        inside.rows.push_back({left.first_column(y), right.last_column(y)});
    }
    return inside;
}

/// Round the polygon once: down the left side, up the right one.
std::vector<HalfPixelPoint> corners_of(const Sides& sides) {
    std::vector<HalfPixelPoint> corners = sides.left;
    for (auto corner = sides.right.rbegin(); corner != sides.right.rend(); ++corner)
        if (!(*corner == corners.back()) && !(*corner == corners.front()))
            corners.push_back(*corner);
    return corners;
}

}  // namespace

ConvexHull convex_hull(std::span<const PixelRun> runs) {
    const RowExtremes object = extremes_of(runs);
    const RowExtremes inside = pixels_inside(sides_of(object), object.top, object.rows.size());
    ConvexHull hull;
    for (const Extremes& row : inside.rows) hull.pixels += row.last - row.first + 1;
    // Pixels of the hull that are none of the object reach beyond its polygon.
    hull.corners = corners_of(sides_of(inside));
    return hull;
}

FeretDiameters feret_diameters(const ConvexHull& hull, double pixel_height, double pixel_width) {
    struct Point {
        double y, x;
    };
    std::vector<Point> points;
    for (const HalfPixelPoint& corner : hull.corners)
        points.push_back({0.5 * static_cast<double>(corner.y) * pixel_height,
                          0.5 * static_cast<double>(corner.x) * pixel_width});
    double largest = 0.0, smallest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point a = points[i], b = points[(i + 1) % points.size()];
        const double dy = b.y - a.y, dx = b.x - a.x;
        double widest = 0.0;  // twice the area over the edge from a to b
        for (const Point& p : points) {
            const double y = p.y - a.y, x = p.x - a.x;
            largest = std::max(largest, y * y + x * x);
            widest = std::max(widest, std::fabs(dy * x - dx * y));
        }
        smallest = std::min(smallest, widest / sqrt_of(dy * dy + dx * dx));
    }
    return {sqrt_of(largest), smallest};
}

}  // namespace unet
