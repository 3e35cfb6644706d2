#include <algorithm>
#include <optional>

#include "unet/annotation/fill.h"

namespace unet {
namespace {

struct Edge {
    PlacePoint a, b;

    double top() const { return std::min(a.y, b.y); }
    double bottom() const { return std::max(a.y, b.y); }
};

/// Twice the area of the triangle: on which side of a - b the point c is.
double side(const PlacePoint& a, const PlacePoint& b, const PlacePoint& c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool opposite(double a, double b) { return (a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0); }

std::optional<PlacePoint> crossing_of(const Edge& p, const Edge& q) {
    if (std::max(p.a.x, p.b.x) <= std::min(q.a.x, q.b.x) ||
        std::max(q.a.x, q.b.x) <= std::min(p.a.x, p.b.x))
        return {};
    const double a = side(q.a, q.b, p.a), b = side(q.a, q.b, p.b);
    if (!opposite(a, b) || !opposite(side(p.a, p.b, q.a), side(p.a, p.b, q.b))) return {};
    const double t = a / (a - b);
    return PlacePoint{p.a.y + t * (p.b.y - p.a.y), p.a.x + t * (p.b.x - p.a.x)};
}

}  // namespace

std::optional<PlacePoint> crossing_in(const std::vector<Curve>& piece) {
    std::vector<Edge> edges;
    for (const Curve& curve : piece)
        for (std::size_t i = 0; i < curve.size(); ++i)
            edges.push_back({curve[i], curve[(i + 1) % curve.size()]});
    // From top to bottom, each edge is compared with those that are not yet above it.
    std::sort(edges.begin(), edges.end(),
              [](const Edge& a, const Edge& b) { return a.top() < b.top(); });
    std::vector<const Edge*> open;
    for (const Edge& edge : edges) {
        std::erase_if(open, [&](const Edge* other) { return other->bottom() <= edge.top(); });
        for (const Edge* other : open)
            if (const auto place = crossing_of(edge, *other)) return place;
        open.push_back(&edge);
    }
    return {};
}

}  // namespace unet
