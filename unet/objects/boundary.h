#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/objects/object_runs.h"

namespace unet {

/// What an object's border says.
struct Boundary {
    double perimeter = 0.0;       ///< in pixels
    std::int64_t neighbours = 0;  ///< other objects that it touches by an edge or a corner
};

/// Follows the borders of the objects of one slice. A pixel is on the border if one of its four
/// neighbours is of another value or beyond the slice.
class Boundaries {
public:
    /// `values` has height x width entries and must outlive this.
    Boundaries(std::span<const std::uint32_t> values, std::int64_t height, std::int64_t width);

    /// Of all runs of one object. The perimeter is that of scikit-image (4 neighbours; Benkrid and
    /// Crookes, "Design and FPGA implementation of a perimeter estimator"): a border pixel counts
    /// 1, sqrt(2) or their mean by how many border pixels of the object lie at its edges and
    /// corners.
    Boundary measure(std::span<const PixelRun> runs);

private:
    struct Around {
        int at_edges = 0, at_corners = 0;  ///< border pixels of the same object
    };
    Around look_around(std::int64_t y, std::int64_t x);
    bool is_inside(std::int64_t y, std::int64_t x) const;

    std::span<const std::uint32_t> values_;
    std::int64_t height_, width_;
    std::vector<std::uint8_t> border_;       ///< 1 where a pixel of an object is on its border
    std::vector<std::uint32_t> neighbours_;  ///< of the object at hand, some of them repeated
};

}  // namespace unet
