#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/objects/object_runs.h"

namespace unet {

/// A point in half pixels: the centre of the pixel in row r, column c is (2r, 2c).
struct HalfPixelPoint {
    std::int64_t y, x;
    bool operator==(const HalfPixelPoint&) const = default;
};

/// The convex hull of an object as scikit-image draws it (convex_hull_image): a pixel stands for
/// the middles of its four edges, and a pixel belongs to the hull if its centre lies in the convex
/// polygon round these points or on its border. All in whole numbers, so exact.
struct ConvexHull {
    std::int64_t pixels = 0;
    /// Corners, in order, of the convex polygon round the middles of the edges of these pixels.
    std::vector<HalfPixelPoint> corners;
};

/// Of the runs of one object, in raster order; at least one. Linear in rows.
ConvexHull convex_hull(std::span<const PixelRun> runs);

/// Distances between parallel lines that hold the hull between them, measured on its corners.
struct FeretDiameters {
    double max = 0.0;  ///< the largest distance of two corners
    double min = 0.0;  ///< the distance of the closest two lines
};

/// In units of a pixel's height and width.
FeretDiameters feret_diameters(const ConvexHull& hull, double pixel_height = 1.0,
                               double pixel_width = 1.0);

}  // namespace unet
