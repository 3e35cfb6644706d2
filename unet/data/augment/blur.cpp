#include "unet/data/augment/blur.h"

#include <algorithm>
#include <cmath>

#include "unet/core/math.h"

namespace unet {

Blur::Blur(const AugmentOptions& options, Random& random) {
    if (options.blur == 0.0 && options.low_resolution == 1.0) return;
    const auto kind = static_cast<double>(random.uniform());
    const auto amount = static_cast<double>(random.uniform());
    if (kind < 0.5) return;
    const bool both = options.blur > 0.0 && options.low_resolution > 1.0;
    if (options.low_resolution > 1.0 && (!both || kind < 0.75)) {
        factor_ = 1.0 + amount * (options.low_resolution - 1.0);
        return;
    }
    const double sigma = amount * options.blur;
    if (sigma < 0.2) return;  // less than a hundredth of a pixel's value would move
    double sum = 0.0;
    std::vector<double> taps;
    for (std::int64_t i = 0; static_cast<double>(i) <= 3.0 * sigma + 0.5; ++i) {
        const auto distance = static_cast<double>(i);
        taps.push_back(exp_of(-0.5 * distance * distance / (sigma * sigma)));
        sum += (i == 0 ? 1.0 : 2.0) * taps.back();
    }
    for (const double tap : taps) taps_.push_back(static_cast<float>(tap / sum));
}

void Blur::apply(std::int64_t height, std::int64_t width, std::span<float> plane) {
    if (!taps_.empty()) smooth(height, width, plane.data());
    if (factor_ > 1.0) coarsen(height, width, plane.data());
}

void Blur::smooth(std::int64_t height, std::int64_t width, float* plane) {
    const std::int64_t reach = std::ssize(taps_) - 1;
    padded_.resize(width + 2 * reach);
    lines_.resize(height * width);
    for (std::int64_t y = 0; y < height; ++y) {
        const float* row = plane + y * width;
        std::fill_n(padded_.begin(), reach, row[0]);
        std::copy_n(row, width, padded_.begin() + reach);
        std::fill_n(padded_.begin() + reach + width, reach, row[width - 1]);
        const float* middle = padded_.data() + reach;
        float* out = lines_.data() + y * width;
        for (std::int64_t x = 0; x < width; ++x) out[x] = taps_[0] * middle[x];
        for (std::int64_t i = 1; i <= reach; ++i) {
            const float tap = taps_[i];
            for (std::int64_t x = 0; x < width; ++x)
                out[x] += tap * (middle[x - i] + middle[x + i]);
        }
    }
    for (std::int64_t y = 0; y < height; ++y) {
        const auto line = [&](std::int64_t at) {
            return lines_.data() + std::clamp<std::int64_t>(at, 0, height - 1) * width;
        };
        float* out = plane + y * width;
        const float* here = line(y);
        for (std::int64_t x = 0; x < width; ++x) out[x] = taps_[0] * here[x];
        for (std::int64_t i = 1; i <= reach; ++i) {
            const float tap = taps_[i];
            const float *above = line(y - i), *below = line(y + i);
            for (std::int64_t x = 0; x < width; ++x) out[x] += tap * (above[x] + below[x]);
        }
    }
}

/// Means of squares of factor_ pixels, enlarged again linearly.
void Blur::coarsen(std::int64_t height, std::int64_t width, float* plane) {
    const auto count_of = [&](std::int64_t length) {
        return std::max<std::int64_t>(
            1, static_cast<std::int64_t>(static_cast<double>(length) / factor_));
    };
    const std::int64_t rows = count_of(height), columns = count_of(width);
    lines_.assign(rows * columns, 0.0f);
    const auto begin_of = [](std::int64_t i, std::int64_t count, std::int64_t length) {
        return i * length / count;
    };
    for (std::int64_t j = 0; j < rows; ++j) {
        const std::int64_t top = begin_of(j, rows, height), end = begin_of(j + 1, rows, height);
        for (std::int64_t i = 0; i < columns; ++i) {
            const std::int64_t left = begin_of(i, columns, width);
            const std::int64_t right = begin_of(i + 1, columns, width);
            float sum = 0.0f;
            for (std::int64_t y = top; y < end; ++y)
                for (std::int64_t x = left; x < right; ++x) sum += plane[y * width + x];
            lines_[j * columns + i] = sum / static_cast<float>((end - top) * (right - left));
        }
    }
    const auto place = [](std::int64_t at, std::int64_t count, std::int64_t length) {
        const double middle = (static_cast<double>(at) + 0.5) * static_cast<double>(count) /
                                  static_cast<double>(length) -
                              0.5;
        return std::clamp(middle, 0.0, static_cast<double>(count - 1));
    };
    for (std::int64_t y = 0; y < height; ++y) {
        const double from_y = place(y, rows, height);
        const auto row = static_cast<std::int64_t>(from_y);
        const auto part_y = static_cast<float>(from_y - static_cast<double>(row));
        const float* above = lines_.data() + row * columns;
        const float* below = lines_.data() + std::min(row + 1, rows - 1) * columns;
        for (std::int64_t x = 0; x < width; ++x) {
            const double from_x = place(x, columns, width);
            const auto column = static_cast<std::int64_t>(from_x);
            const auto part_x = static_cast<float>(from_x - static_cast<double>(column));
            const std::int64_t next = std::min(column + 1, columns - 1);
            const float upper = above[column] + part_x * (above[next] - above[column]);
            const float lower = below[column] + part_x * (below[next] - below[column]);
            plane[y * width + x] = upper + part_y * (lower - upper);
        }
    }
}

}  // namespace unet
