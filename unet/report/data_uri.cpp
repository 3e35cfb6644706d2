#include "unet/report/data_uri.h"

#include <algorithm>
#include <vector>

#include "unet/image/png/png_write.h"
#include "unet/report/html.h"

namespace unet {
namespace {

constexpr std::uint8_t mask_opacity = 200;

std::vector<std::byte> png_of(std::span<const std::uint8_t> bytes, std::int64_t height,
                              std::int64_t width, int samples) {
    return encode_png({width, height, samples, 8, std::as_bytes(bytes), {}}, "image");
}

std::vector<std::byte> png_of(const RgbImage& drawn) {
    const std::vector<std::uint8_t>& rgb = drawn.pixels;
    std::vector<std::uint8_t> grey;
    for (std::size_t i = 0; i < rgb.size(); i += 3) {
        if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2])
            return png_of(rgb, drawn.height, drawn.width, 3);
        grey.push_back(rgb[i]);
    }
    return png_of(grey, drawn.height, drawn.width, 1);
}

/// Means of 2 x 2 pixels; of an odd edge the last row or column stands alone.
RgbImage halved(const RgbImage& drawn) {
    RgbImage half((drawn.height + 1) / 2, (drawn.width + 1) / 2);
    for (std::int64_t y = 0; y < half.height; ++y)
        for (std::int64_t x = 0; x < half.width; ++x) {
            const std::int64_t below = std::min(2 * y + 1, drawn.height - 1),
                               right = std::min(2 * x + 1, drawn.width - 1);
            const Colour four[] = {drawn.at(2 * y, 2 * x), drawn.at(2 * y, right),
                                   drawn.at(below, 2 * x), drawn.at(below, right)};
            Colour mean{};
            for (std::size_t c = 0; c < 3; ++c)
                mean[c] = static_cast<std::uint8_t>(
                    (four[0][c] + four[1][c] + four[2][c] + four[3][c] + 2) / 4);
            half.set(y, x, mean);
        }
    return half;
}

std::string uri_of(std::span<const std::byte> png) {
    return "data:image/png;base64," + base64(png);
}

}  // namespace

std::string data_uri(RgbImage drawn, std::size_t most_bytes) {
    std::vector<std::byte> png = png_of(drawn);
    while (png.size() > most_bytes && drawn.height > 1 && drawn.width > 1) {
        drawn = halved(drawn);
        png = png_of(drawn);
    }
    return uri_of(png);
}

std::string mask_uri(std::span<const std::uint8_t> mask, std::int64_t height, std::int64_t width,
                     Colour colour) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(mask.size() * 4);
    for (const std::uint8_t set : mask) {
        for (const std::uint8_t value : colour) bytes.push_back(set ? value : 0);
        bytes.push_back(set ? mask_opacity : 0);
    }
    return uri_of(png_of(bytes, height, width, 4));
}

}  // namespace unet
