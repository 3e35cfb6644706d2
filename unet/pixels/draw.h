#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/pixels/palette.h"

namespace unet {

/// Something to look at: interleaved red, green, blue bytes, row by row.
struct Picture {
    std::int64_t height = 0, width = 0;
    std::vector<std::uint8_t> pixels;

    Picture() = default;
    Picture(std::int64_t picture_height, std::int64_t picture_width, Colour colour = {0, 0, 0});
    Colour at(std::int64_t y, std::int64_t x) const;
    void set(std::int64_t y, std::int64_t x, Colour colour);
};

/// Slice `z` of an image, the stored values between its percentiles 0.2 and 99.8 stretched over
/// black to white. RGB of integers as it is (three colours of floats are stretched together); of
/// other channel counts the first channel.
Picture picture_of(const Image& image, std::int64_t z = 0);

/// Slice `z` of labels: label_colour of each, or `colours`[label] where there is one.
Picture picture_of(const LabelMap& labels, std::int64_t z = 0,
                   std::span<const Colour> colours = {});

/// `height` x `width` numbers from `low` (black) over blue, red and yellow to `high` (white), for
/// weight maps and probabilities.
Picture heat_picture(std::span<const float> values, std::int64_t height, std::int64_t width,
                     float low, float high);

/// Draws on `picture` every pixel of slice `z` that has a 4-neighbour with a smaller label (the
/// inner outline of each object, towards the background and towards one of two touching objects),
/// in `colour` or in the label's own. Throws Error(shape_mismatch) if sizes differ.
void draw_outlines(Picture& picture, const LabelMap& labels, std::int64_t z = 0,
                   std::optional<Colour> colour = {});

/// Pictures from left to right, top-aligned, `gap` grey pixels between them.
Picture side_by_side(std::span<const Picture> pictures, std::int64_t gap = 4);
/// Pictures from top to bottom, left-aligned.
Picture stacked(std::span<const Picture> pictures, std::int64_t gap = 4);

/// Every pixel `factor` times in both directions, so that small images can be looked at.
Picture enlarged(const Picture& picture, std::int64_t factor);

}  // namespace unet
