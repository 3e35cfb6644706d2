#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/measuring/brightness.h"

namespace unet {

/// What has a length or an area: in pixels or in the unit of a Spacing.
struct Lengths {
    std::array<double, 2> centroid{};  ///< y, x; the centre of the first pixel is (0, 0)
    double area = 0.0;
    double perimeter = 0.0;            ///< NaN where pixels are not square
    double equivalent_diameter = 0.0;  ///< of the disc of equal area
    double axis_major = 0.0, axis_minor = 0.0;
    double feret_max = 0.0, feret_min = 0.0;
};

/// One object in one slice. Names, definitions and values are those of scikit-image's regionprops
/// wherever it has them (docs/how-to/count-cells.md says which); others are described here. Numbers
/// without a unit are those of the pixels as they are.
struct ObjectMeasurements {
    std::uint32_t label = 0;
    std::int64_t slice = 0;
    std::array<std::int64_t, 4> bbox{};  ///< first row, first column, and one past the last ones
    Lengths pixels;
    std::optional<Lengths> physical;  ///< where the labels, or else the image, know their spacing
    double orientation = 0.0, eccentricity = 0.0;
    std::int64_t area_convex = 0;  ///< pixels of the convex hull
    double solidity = 0.0;         ///< area / area_convex
    /// 4 pi area / perimeter^2; NaN without a perimeter. A small disc of pixels may exceed 1.
    double circularity = 0.0;
    std::int64_t neighbours = 0;       ///< other objects that it touches by an edge or a corner
    bool touches_border = false;       ///< of the image
    std::vector<Brightness> channels;  ///< none without an image
};

/// Every object (distinct non-zero value) of every slice, slices in order, labels ascending in
/// each. An object that runs through five slices counts five times. `image` must have the labels'
/// size. Linear in pixels. Throws Error(shape_mismatch) for another size.
std::vector<ObjectMeasurements> measure_objects(const LabelMap& labels,
                                                const Image* image = nullptr);

/// Throws the errors of measure_objects().
void check_measurable(const LabelMap& labels, const Image& image);

/// The spacing of the lengths in measure_objects(): the labels', or else the image's.
Spacing measured_spacing(const LabelMap& labels, const Image* image = nullptr);

}  // namespace unet
