#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// A pixel just inside an object, and the direction that leads out of it (length 1).
struct BorderPixel {
    std::int32_t y = 0, x = 0;
    float out_y = 0, out_x = 0;
};

/// Border pixels of a slice, every object's; at most `most`, spread evenly. The image's edge is no
/// border.
std::vector<BorderPixel> border_of(const LabelMap& labels, std::int64_t z, std::size_t most);

/// One of the eight ways to mirror and turn a slice by quarters: bit 0 mirrors left to right, bit 1
/// top to bottom, bit 2 exchanges rows and columns (of square slices).
std::vector<BorderPixel> mirrored(std::vector<BorderPixel> border, int way, const Size3& size);

/// Where the brightness of a slice rises: direction times strength, strength below 1 everywhere, so
/// that a few very bright edges do not decide.
class Slopes {
public:
    Slopes(const Image& image, std::int64_t z);

    /// How well a border lies on edges of the image when it is moved by (dy, dx): -1 .. 1, mean
    /// over its pixels of the slope inwards. Near 0 for a border that has nothing to do with the
    /// image, positive for objects brighter than what is around them. 0 if half of it or more would
    /// lie outside.
    double fit(const std::vector<BorderPixel>& border, std::int64_t dy, std::int64_t dx) const;

private:
    std::int64_t height_, width_;
    std::vector<float> y_, x_;
};

}  // namespace unet
