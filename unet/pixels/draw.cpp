#include "unet/pixels/draw.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/pixels/normalise.h"

namespace unet {
namespace {

constexpr Colour between_panels{90, 90, 90};

std::uint8_t byte_of(double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255.0));
}

void paste(RgbImage& target, const RgbImage& drawn, std::int64_t y, std::int64_t x) {
    for (std::int64_t row = 0; row < drawn.height; ++row)
        std::copy_n(drawn.pixels.begin() + row * drawn.width * 3, drawn.width * 3,
                    target.pixels.begin() + ((y + row) * target.width + x) * 3);
}

/// One beside the other, or one below the other.
RgbImage arranged(std::span<const RgbImage> images, std::int64_t gap, bool beside) {
    const auto length = [&](const RgbImage& each) { return beside ? each.width : each.height; };
    std::int64_t along = images.empty() ? 0 : -gap, across = 0;
    for (const RgbImage& each : images) {
        along += length(each) + gap;
        across = std::max(across, beside ? each.height : each.width);
    }
    RgbImage all(beside ? across : along, beside ? along : across, between_panels);
    std::int64_t at = 0;
    for (const RgbImage& each : images) {
        paste(all, each, beside ? 0 : at, beside ? at : 0);
        at += length(each) + gap;
    }
    return all;
}

}  // namespace

RgbImage::RgbImage(std::int64_t image_height, std::int64_t image_width, Colour colour)
    : height(image_height),
      width(image_width),
      pixels(static_cast<std::size_t>(image_height * image_width * 3)) {
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = colour[i % 3];
}

Colour RgbImage::at(std::int64_t y, std::int64_t x) const {
    const auto* pixel = pixels.data() + (y * width + x) * 3;
    return {pixel[0], pixel[1], pixel[2]};
}

void RgbImage::set(std::int64_t y, std::int64_t x, Colour colour) {
    std::copy(colour.begin(), colour.end(), pixels.begin() + (y * width + x) * 3);
}

RgbImage rgb_image_of(const Image& image, std::int64_t z) {
    constexpr double low_shown = 0.2, high_shown = 99.8;
    RgbImage drawn(image.size.height, image.size.width);
    const auto pixels = static_cast<std::size_t>(drawn.height * drawn.width);
    const bool rgb = image.rgb && image.channels == 3;
    Scaling shown = range_scaling(image.type);
    if (!rgb || image.type == SampleType::f32) {
        ValueCounts counts;
        for (std::int64_t c = 0; c < (rgb ? 3 : 1); ++c) counts.add({image.plane(c, z), pixels});
        shown = {{counts.percentile(low_shown)}, {counts.percentile(high_shown)}};
    }
    const double low = shown.low.front(), high = shown.high.front();
    const double factor = high > low ? 1.0 / (high - low) : 1.0;
    for (std::size_t c = 0; c < 3; ++c) {
        const float* plane = image.plane(rgb ? static_cast<std::int64_t>(c) : 0, z);
        for (std::size_t i = 0; i < pixels; ++i)
            drawn.pixels[i * 3 + c] = byte_of((static_cast<double>(plane[i]) - low) * factor);
    }
    return drawn;
}

RgbImage rgb_image_of(const LabelMap& labels, std::int64_t z, std::span<const Colour> colours) {
    RgbImage drawn(labels.size.height, labels.size.width);
    const std::uint32_t* plane = labels.plane(z);
    for (std::int64_t y = 0; y < drawn.height; ++y)
        for (std::int64_t x = 0; x < drawn.width; ++x) {
            const std::uint32_t label = plane[y * drawn.width + x];
            drawn.set(y, x, label_colour(label, colours));
        }
    return drawn;
}

RgbImage heat_image(std::span<const float> values, std::int64_t height, std::int64_t width,
                    float low, float high) {
    constexpr Colour stops[] = {
        {0, 0, 0}, {60, 20, 140}, {200, 40, 70}, {250, 170, 40}, {255, 255, 230}};
    constexpr int last = 4;
    if (static_cast<std::int64_t>(values.size()) != height * width)
        fail(ErrorCode::shape_mismatch, "heat image of {}x{} needs {} values, found {}", height,
             width, height * width, values.size());
    RgbImage drawn(height, width);
    const double factor = high > low ? 1.0 / (static_cast<double>(high) - low) : 1.0;
    for (std::int64_t i = 0; i < height * width; ++i) {
        const double value = static_cast<double>(values[i]) - low;
        const double place = std::clamp(value * factor, 0.0, 1.0) * last;
        const int stop = std::min(static_cast<int>(place), last - 1);
        const double part = place - stop;
        for (std::size_t c = 0; c < 3; ++c)
            drawn.pixels[static_cast<std::size_t>(i * 3) + c] =
                byte_of((stops[stop][c] * (1.0 - part) + stops[stop + 1][c] * part) / 255.0);
    }
    return drawn;
}

void draw_outlines(RgbImage& drawn, const LabelMap& labels, std::int64_t z,
                   std::optional<Colour> colour) {
    if (labels.size.height != drawn.height || labels.size.width != drawn.width)
        fail(ErrorCode::shape_mismatch,
             "outlines of labels {}x{} cannot be drawn on an image {}x{}", labels.size.height,
             labels.size.width, drawn.height, drawn.width);
    const std::uint32_t* plane = labels.plane(z);
    const std::int64_t height = drawn.height, width = drawn.width;
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            const std::uint32_t* pixel = plane + y * width + x;
            const bool edge = (x > 0 && pixel[-1] < *pixel) || (y > 0 && pixel[-width] < *pixel) ||
                              (x + 1 < width && pixel[1] < *pixel) ||
                              (y + 1 < height && pixel[width] < *pixel);
            if (edge) drawn.set(y, x, colour.value_or(label_colour(*pixel)));
        }
}

RgbImage side_by_side(std::span<const RgbImage> images, std::int64_t gap) {
    return arranged(images, gap, true);
}

RgbImage stacked(std::span<const RgbImage> images, std::int64_t gap) {
    return arranged(images, gap, false);
}

RgbImage enlarged(const RgbImage& drawn, std::int64_t factor) {
    if (factor < 1)
        fail(ErrorCode::invalid_argument, "enlarge: found factor {}, expected 1 or more", factor);
    RgbImage large(drawn.height * factor, drawn.width * factor);
    for (std::int64_t y = 0; y < large.height; ++y)
        for (std::int64_t x = 0; x < large.width; ++x)
            large.set(y, x, drawn.at(y / factor, x / factor));
    return large;
}

}  // namespace unet
