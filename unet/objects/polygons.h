#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// A corner of pixels: pixel (r, c) covers rows r .. r + 1 and columns c .. c + 1.
struct PixelCorner {
    std::int64_t y, x;
    bool operator==(const PixelCorner&) const = default;
};

/// A closed line along the edges of pixels; the first corner is not repeated, corners on a straight
/// line are left out. It never crosses or touches itself.
using Ring = std::vector<PixelCorner>;

/// Pixels that hang together by their edges: what lies within the first ring but not within the
/// others, its holes. Holes touch each other and the first ring in single corners at most.
struct Polygon {
    std::vector<Ring> rings;
};

/// The outline of one object: one polygon for each of its pieces, in raster order.
struct ObjectOutline {
    std::uint32_t label = 0;
    std::vector<Polygon> pieces;
};

/// Outlines of all objects (distinct non-zero values) of slice `z`, in raster order of their first
/// pixels. Exact: filled, they give the pixels back.
std::vector<ObjectOutline> object_outlines(const LabelMap& labels, std::int64_t z = 0);

}  // namespace unet
