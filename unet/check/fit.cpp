#include "unet/check/fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "unet/check/planes.h"

namespace unet {
namespace {

/// Sum of the directions to neighbours of another value; zero inside, and at the image's edge
/// alone.
BorderPixel outwards(const LabelMap& labels, std::int64_t z, std::int64_t y, std::int64_t x) {
    constexpr float diagonal = 0.70710678f;
    const std::uint32_t* plane = labels.plane(z);
    const std::int64_t height = labels.size.height, width = labels.size.width;
    const std::uint32_t own = plane[y * width + x];
    BorderPixel pixel{static_cast<std::int32_t>(y), static_cast<std::int32_t>(x), 0.0f, 0.0f};
    for (std::int64_t dy = -1; dy <= 1; ++dy)
        for (std::int64_t dx = -1; dx <= 1; ++dx) {
            const std::int64_t ny = y + dy, nx = x + dx;
            if (ny < 0 || nx < 0 || ny >= height || nx >= width) continue;
            if (plane[ny * width + nx] == own) continue;
            const float weight = dy != 0 && dx != 0 ? diagonal : 1.0f;
            pixel.out_y += weight * static_cast<float>(dy);
            pixel.out_x += weight * static_cast<float>(dx);
        }
    const float length = std::sqrt(pixel.out_y * pixel.out_y + pixel.out_x * pixel.out_x);
    if (length > 0.0f) {
        pixel.out_y /= length;
        pixel.out_x /= length;
    }
    return pixel;
}

}  // namespace

std::vector<BorderPixel> border_of(const LabelMap& labels, std::int64_t z, std::size_t most) {
    std::vector<BorderPixel> all;
    const std::uint32_t* plane = labels.plane(z);
    for (std::int64_t y = 0; y < labels.size.height; ++y)
        for (std::int64_t x = 0; x < labels.size.width; ++x) {
            if (plane[y * labels.size.width + x] == 0) continue;
            const BorderPixel pixel = outwards(labels, z, y, x);
            if (pixel.out_y != 0.0f || pixel.out_x != 0.0f) all.push_back(pixel);
        }
    if (all.size() <= most) return all;
    std::vector<BorderPixel> some(most);
    for (std::size_t i = 0; i < most; ++i) some[i] = all[i * all.size() / most];
    return some;
}

std::vector<BorderPixel> mirrored(std::vector<BorderPixel> border, int way, const Size3& size) {
    for (BorderPixel& pixel : border) {
        if ((way & 1) != 0) {
            pixel.x = static_cast<std::int32_t>(size.width) - 1 - pixel.x;
            pixel.out_x = -pixel.out_x;
        }
        if ((way & 2) != 0) {
            pixel.y = static_cast<std::int32_t>(size.height) - 1 - pixel.y;
            pixel.out_y = -pixel.out_y;
        }
        if ((way & 4) != 0) {
            std::swap(pixel.x, pixel.y);
            std::swap(pixel.out_x, pixel.out_y);
        }
    }
    return border;
}

Slopes::Slopes(const Image& image, std::int64_t z)
    : height_(image.size.height), width_(image.size.width) {
    std::vector<float> plane = brightness_of(image, z);
    smooth(plane, height_, width_);
    smooth(plane, height_, width_);
    y_.assign(plane.size(), 0.0f);
    x_.assign(plane.size(), 0.0f);
    double sum = 0.0;
    for (std::int64_t y = 1; y + 1 < height_; ++y)
        for (std::int64_t x = 1; x + 1 < width_; ++x) {
            const auto at = static_cast<std::size_t>(y * width_ + x);
            const auto row = static_cast<std::size_t>(width_);
            y_[at] = plane[at + row] - plane[at - row];
            x_[at] = plane[at + 1] - plane[at - 1];
            sum += std::sqrt(y_[at] * y_[at] + x_[at] * x_[at]);
        }
    const auto usual = static_cast<float>(sum / static_cast<double>(plane.size()));
    for (std::size_t i = 0; i < plane.size(); ++i) {
        const float strength = std::sqrt(y_[i] * y_[i] + x_[i] * x_[i]);
        const float factor = strength > 0.0f ? 1.0f / (strength + usual) : 0.0f;
        y_[i] *= factor;
        x_[i] *= factor;
    }
}

double Slopes::fit(const std::vector<BorderPixel>& border, std::int64_t dy, std::int64_t dx) const {
    double sum = 0.0;
    std::size_t inside = 0;
    for (const BorderPixel& pixel : border) {
        const std::int64_t y = pixel.y + dy, x = pixel.x + dx;
        if (y < 0 || x < 0 || y >= height_ || x >= width_) continue;
        const auto at = static_cast<std::size_t>(y * width_ + x);
        sum -= static_cast<double>(pixel.out_y * y_[at] + pixel.out_x * x_[at]);
        ++inside;
    }
    return 2 * inside <= border.size() ? 0.0 : sum / static_cast<double>(inside);
}

}  // namespace unet
