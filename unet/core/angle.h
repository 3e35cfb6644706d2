#pragma once

namespace unet {

/// Angle of the vector (x, y) from the x axis, -pi .. pi, as the C library's atan2; 0 for the null
/// vector. Its bits are ours (math.h); absolute error below 1e-15.
double angle_of(double y, double x);

}  // namespace unet
