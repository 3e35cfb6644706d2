#pragma once

#include <vector>

#include "unet/core/intensities.h"
#include "unet/pixels/normalise.h"
#include "unet/pixels/region.h"

namespace unet {

/// Stored values of an image that say how bright it is: percentiles 1, 50, 99.8, and the extremes.
struct Levels {
    double least = 0.0, low = 0.0, median = 0.0, high = 0.0, most = 0.0;
    /// Percentiles 1 and 99.8 of the values between the extremes; what many pixels of one extreme
    /// value (a border, saturated spots) make look flat.
    ValueRange inside = {};

    bool constant() const noexcept { return least == most; }
};

/// In ranges from percentile 1 to 99.8: what lies further below or above is no part of the image.
/// None of 300 images of nuclei, cells and tissue reaches further than 0.7 and 5.5
/// (bench/hot_pixels.py --values).
inline constexpr double far_beyond_ranges = 9.0;

/// Of each channel (three colours count as one), measured on rows spread over the whole image:
/// about a million values at most, so that an image of any size costs little time and memory.
std::vector<Levels> levels_of(RegionSource& source);

/// Widens `seen` by an image: its levels and the scaling it was normalised by. A constant image
/// says nothing.
void add_image(Intensities& seen, const std::vector<Levels>& levels, const Scaling& scaling,
               SampleType type);

/// The limit (Normalisation::clip) that suits images: usual_clip, and none (0) where what is bright
/// or dark in one of them lies beyond it, as after a rule that leaves 0 to 4095 as they are: there
/// it is no outlier.
double suiting_clip(const Intensities& seen);

/// Contrast and median of a channel as the network sees them.
struct SeenLevels {
    double contrast = 0.0, median = 0.0;
};
SeenLevels normalised(const Levels& levels, const Scaling& scaling, std::size_t channel);

}  // namespace unet
