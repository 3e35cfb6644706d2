#pragma once

#include <cstdint>
#include <span>

#include "unet/objects/object_runs.h"

namespace unet {

/// Where the pixels of an object lie, each taken for a point at its centre.
struct Moments {
    std::int64_t pixels = 0;
    double y = 0.0, x = 0.0;                                      ///< centroid, in pixels
    double variance_y = 0.0, variance_x = 0.0, covariance = 0.0;  ///< about it, in square pixels
};

/// Of the runs of one object; at least one.
Moments moments_of(std::span<const PixelRun> runs);

/// The ellipse that has the same second moments.
struct Ellipse {
    double major = 0.0, minor = 0.0;  ///< lengths of the whole axes
    /// Angle between the rows' direction (downwards) and the major axis, counter-clockwise, -pi/2
    /// .. pi/2; of a figure without a direction -pi/4.
    double orientation = 0.0;
    double eccentricity = 0.0;  ///< 0 for a circle, 1 for a line
};

/// In units of a pixel's height and width; definitions of scikit-image's regionprops.
Ellipse ellipse_of(const Moments& moments, double pixel_height = 1.0, double pixel_width = 1.0);

}  // namespace unet
