#pragma once

#include "unet/annotation/annotation.h"

namespace unet {

// What ImageJ does not store as points, as closed lines that are filled to the same pixels.

/// An oval in a box: a pixel is inside where its middle is.
Curve oval_curve(double top, double left, double height, double width);
/// A rectangle whose corners are quarters of circles of the diameter `arc`.
Curve rounded_curve(double top, double left, double bottom, double right, double arc);
/// From the end of `curve` on.
void append_quadratic(Curve& curve, const PlacePoint& control, const PlacePoint& end);
void append_cubic(Curve& curve, const PlacePoint& first, const PlacePoint& second,
                  const PlacePoint& end);

}  // namespace unet
