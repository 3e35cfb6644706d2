#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/image.h"
#include "unet/predict/views/averaging.h"

namespace unet::predict {

/// An image turned or mirrored about its centre. Pixel (y, x) of the view, counted from the view's
/// centre, shows what stands at (yy y + yx x, xy y + xx x) from the image's centre. The matrix is
/// orthogonal: its inverse is its transpose.
struct View {
    double yy = 1.0, yx = 0.0, xy = 0.0, xx = 1.0;

    /// The smallest size that shows all of a slice of `image`.
    Size3 size_of(const Size3& image) const;
};

/// The views whose predictions are averaged, the image as it is first.
std::vector<View> views_of(Averaging averaging);

/// What a view shows of a slice: Catmull-Rom, exact copies at whole pixels, mirrored where the view
/// reaches beyond the image. `shown` gets the view's size; it keeps its memory where that does.
void show(Context& context, const View& view, const Image& slice, Image& shown);

/// Sums of probabilities over views, pixel by pixel of the image. They are whole numbers, so that
/// their order changes no bit: a mirrored image gives exactly the mirrored result.
class ViewSums {
public:
    /// Sets all sums to 0.
    void start(const Size3& slice, std::int64_t classes);
    /// Adds what was computed for a view: `values` has its size and a channel per class, each value
    /// from 0 to 1. Bilinear, exact at whole pixels.
    void add(Context& context, const View& view, const Image& values);
    /// Planar means; room for classes x pixels of the slice.
    void mean(std::span<float> probabilities) const;

    static std::int64_t bytes(const Size3& slice, std::int64_t classes) {
        return classes * slice.height * slice.width * static_cast<std::int64_t>(sizeof(Sum));
    }

private:
    using Sum = std::int64_t;
    Size3 size_{};
    std::vector<Sum> sums_;
    std::int64_t views_ = 0;
};

}  // namespace unet::predict
