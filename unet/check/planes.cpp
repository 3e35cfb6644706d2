#include "unet/check/planes.h"

#include <algorithm>

namespace unet {
namespace {

constexpr std::int64_t most_slices = 5;

}  // namespace

std::vector<float> brightness_of(const Image& image, std::int64_t z) {
    const auto area = static_cast<std::size_t>(image.size.height * image.size.width);
    std::vector<float> plane(image.plane(0, z), image.plane(0, z) + area);
    for (std::int64_t c = 1; c < image.channels; ++c) {
        const float* channel = image.plane(c, z);
        for (std::size_t i = 0; i < area; ++i) plane[i] += channel[i];
    }
    if (image.channels > 1)
        for (float& value : plane) value /= static_cast<float>(image.channels);
    return plane;
}

std::vector<std::int64_t> some_slices(std::int64_t depth) {
    std::vector<std::int64_t> slices;
    const std::int64_t count = std::min(depth, most_slices);
    for (std::int64_t i = 0; i < count; ++i) slices.push_back((2 * i + 1) * depth / (2 * count));
    return slices;
}

void smooth(std::vector<float>& plane, std::int64_t height, std::int64_t width) {
    std::vector<float> rows(plane.size());
    const auto at = [&](std::vector<float>& of, std::int64_t y, std::int64_t x) -> float& {
        return of[y * width + x];
    };
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x)
            at(rows, y, x) = 0.25f * at(plane, y, std::max<std::int64_t>(x - 1, 0)) +
                             0.5f * at(plane, y, x) +
                             0.25f * at(plane, y, std::min(x + 1, width - 1));
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x)
            at(plane, y, x) = 0.25f * at(rows, std::max<std::int64_t>(y - 1, 0), x) +
                              0.5f * at(rows, y, x) +
                              0.25f * at(rows, std::min(y + 1, height - 1), x);
}

float quantile(std::vector<float> values, double share) {
    if (values.empty()) return 0.0f;
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[rank];
}

}  // namespace unet
