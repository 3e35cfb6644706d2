#pragma once

#include <cstdint>

#include "unet/core/fields.h"

namespace unet {

/// How training patches are varied: shape first (one resampling pass), then colours, light, grey
/// values, resolution and noise, in the order in which an image comes about. Shifts need no option:
/// every patch is cut at a random place. Ranges are drawn uniformly, once per patch.
struct AugmentOptions {
    std::int64_t elastic_grid = 3;  ///< random displacements per axis, 2 .. 16
    double elastic_sigma = 10.0;    ///< their standard deviation in pixels; 0: no deformation
    double rotation = 180.0;        ///< degrees, drawn from -rotation .. rotation
    double scale_min = 0.8;         ///< magnification; 2 shows objects twice as large
    double scale_max = 1.25;
    bool flips = true;          ///< mirror each axis with probability 1/2
    double brightness = 0.1;    ///< added, drawn from -brightness .. brightness
    double contrast_min = 0.7;  ///< factor on normalised values
    double contrast_max = 1.3;
    double gamma_min = 1.0;  ///< exponent on normalised values in 0 .. 1
    double gamma_max = 1.0;
    double stain = 0.0;  ///< logarithm by which an RGB image's stains change, -stain .. stain
    double grey_patches = 0.0;    ///< probability that an RGB patch loses its colours
    double illumination = 0.0;    ///< largest logarithm of a factor that differs over the patch
    double blur = 0.0;            ///< standard deviation in pixels, drawn from 0 .. blur
    double low_resolution = 1.0;  ///< pixels up to so many times as large
    double hot_pixels = 0.0;      ///< probability of a few bright pixels
    double noise = 0.0;           ///< standard deviation of added noise, drawn from 0 .. noise
    double invert = 0.0;          ///< probability of v -> 1 - v
    double surround = 0.0;        ///< probability that a side or corner of the patch is empty

    /// Every patch exactly as cut.
    static AugmentOptions none();
};

/// The table of AugmentOptions for flags, TOML and JSON.
Fields fields_of(AugmentOptions& options);

/// Throws Error(invalid_argument) naming the first option that is out of range.
void check(const AugmentOptions& options);

}  // namespace unet
