#pragma once

#include "unet/core/image.h"

namespace unet::predict {

/// How many times larger an image is shown to the network.
struct Magnification {
    double height = 1.0, width = 1.0;

    bool none() const { return height == 1.0 && width == 1.0; }
    /// Of an area.
    double area() const { return height * width; }
    /// What an image of this size becomes, at least 1 x 1 pixels.
    Size3 size_of(const Size3& image) const;
};

/// Edge of a pixel in metres, the mean of height and width; 0 if unknown.
double metres_of(const Spacing& spacing);

/// `asked` where that is above 0; else what gives the image the pixels that the model was trained
/// on, or none where either is unknown or they differ by less than augmentation makes up for.
/// Throws Error(invalid_argument) for pixels so different that one of the sizes must be wrong.
Magnification magnification_of(double asked, const Spacing& trained, const Spacing& image);

/// What shows objects of `diameter` pixels about as large as those that a model was trained on,
/// whose middle one is `trained` pixels wide; none where the network makes up for the difference.
Magnification magnification_by_size(double trained, double diameter);

}  // namespace unet::predict
