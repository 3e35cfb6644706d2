#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/pixels/palette.h"

namespace unet {

/// Something to look at: interleaved red, green, blue bytes, row by row.
struct RgbImage {
    std::int64_t height = 0, width = 0;
    std::vector<std::uint8_t> pixels;

    RgbImage() = default;
    RgbImage(std::int64_t image_height, std::int64_t image_width, Colour colour = {0, 0, 0});
    Colour at(std::int64_t y, std::int64_t x) const;
    void set(std::int64_t y, std::int64_t x, Colour colour);
};

/// Slice `z` of an image, the stored values between its percentiles 0.2 and 99.8 stretched over
/// black to white. RGB of integers as it is (three colours of floats are stretched together); of
/// other channel counts the first channel.
RgbImage rgb_image_of(const Image& image, std::int64_t z = 0);

/// Slice `z` of labels: label_colour of each, or `colours`[label] where there is one.
RgbImage rgb_image_of(const LabelMap& labels, std::int64_t z = 0,
                      std::span<const Colour> colours = {});

/// `height` x `width` numbers from `low` (black) over blue, red and yellow to `high` (white), for
/// weight maps and probabilities.
RgbImage heat_image(std::span<const float> values, std::int64_t height, std::int64_t width,
                    float low, float high);

/// Draws on `drawn` every pixel of slice `z` that has a 4-neighbour with a smaller label (the
/// inner outline of each object, towards the background and towards one of two touching objects),
/// in `colour` or in the label's own. Throws Error(shape_mismatch) if sizes differ.
void draw_outlines(RgbImage& drawn, const LabelMap& labels, std::int64_t z = 0,
                   std::optional<Colour> colour = {});

/// Images from left to right, top-aligned, `gap` grey pixels between them.
RgbImage side_by_side(std::span<const RgbImage> images, std::int64_t gap = 4);
/// Images from top to bottom, left-aligned.
RgbImage stacked(std::span<const RgbImage> images, std::int64_t gap = 4);

/// Every pixel `factor` times in both directions, so that small images can be looked at.
RgbImage enlarged(const RgbImage& drawn, std::int64_t factor);

}  // namespace unet
