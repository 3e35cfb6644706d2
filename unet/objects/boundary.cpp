#include "unet/objects/boundary.h"

#include <algorithm>

#include "unet/core/math.h"

namespace unet {

Boundaries::Boundaries(std::span<const std::uint32_t> values, std::int64_t height,
                       std::int64_t width)
    : values_(values), height_(height), width_(width), border_(values.size(), 0) {
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            const auto i = static_cast<std::size_t>(y * width + x);
            if (values[i] != 0) border_[i] = is_inside(y, x) ? 0 : 1;
        }
}

bool Boundaries::is_inside(std::int64_t y, std::int64_t x) const {
    if (y == 0 || x == 0 || y + 1 == height_ || x + 1 == width_) return false;
    const std::uint32_t* pixel = values_.data() + y * width_ + x;
    return pixel[-1] == *pixel && pixel[1] == *pixel && pixel[-width_] == *pixel &&
           pixel[width_] == *pixel;
}

/// Counts the border pixels around one, and notes the other objects there.
Boundaries::Around Boundaries::look_around(std::int64_t y, std::int64_t x) {
    const std::uint32_t id = values_[y * width_ + x];
    Around around;
    for (std::int64_t v = std::max<std::int64_t>(y - 1, 0); v <= std::min(y + 1, height_ - 1); ++v)
        for (std::int64_t u = std::max<std::int64_t>(x - 1, 0); u <= std::min(x + 1, width_ - 1);
             ++u) {
            const auto i = static_cast<std::size_t>(v * width_ + u);
            if (values_[i] == id) {
                if (v != y && u != x)
                    around.at_corners += border_[i];
                else if (v != y || u != x)
                    around.at_edges += border_[i];
            } else if (values_[i] != 0) {
                // Along a common border the same neighbour comes again and again.
                if (neighbours_.empty() || neighbours_.back() != values_[i])
                    neighbours_.push_back(values_[i]);
            }
        }
    return around;
}

Boundary Boundaries::measure(std::span<const PixelRun> runs) {
    // Counted, so that the sum does not depend on the order.
    std::int64_t straight = 0, diagonal = 0, mixed = 0;
    neighbours_.clear();
    for (const PixelRun& run : runs)
        for (std::int64_t x = run.begin; x < run.end; ++x) {
            if (border_[run.y * width_ + x] == 0) continue;
            const auto [edges, corners] = look_around(run.y, x);
            straight += (edges == 2 || edges == 3) && corners <= 2;
            diagonal += (edges == 0 && corners == 2) || (edges == 1 && corners == 3);
            mixed += edges == 1 && (corners == 1 || corners == 2);
        }
    const double root = sqrt_of(2.0);
    Boundary boundary;
    boundary.perimeter = static_cast<double>(straight) + static_cast<double>(diagonal) * root +
                         static_cast<double>(mixed) * (1.0 + root) / 2.0;
    std::sort(neighbours_.begin(), neighbours_.end());
    boundary.neighbours =
        std::distance(neighbours_.begin(), std::unique(neighbours_.begin(), neighbours_.end()));
    return boundary;
}

}  // namespace unet
