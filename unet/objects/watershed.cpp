#include "unet/objects/watershed.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "unet/core/math.h"

namespace unet {
namespace {

constexpr double smoothing = 1.0;  // pixels: takes the steps of the pixel grid off the distance
constexpr std::int64_t reach = 3;

/// Weights at distance 0 .. reach, both sides together 1.
std::array<float, reach + 1> gaussian_weights() {
    std::array<double, reach + 1> weights;
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto x = static_cast<double>(i);
        weights[i] = exp_of(-0.5 * x * x / (smoothing * smoothing));
        sum += i == 0 ? weights[i] : 2.0 * weights[i];
    }
    std::array<float, reach + 1> result;
    for (std::size_t i = 0; i < weights.size(); ++i)
        result[i] = static_cast<float>(weights[i] / sum);
    return result;
}

/// Mirrored beyond the border, the edge pixel repeated.
std::int64_t inside(std::int64_t i, std::int64_t length) {
    while (i < 0 || i >= length) i = i < 0 ? -1 - i : 2 * length - 1 - i;
    return i;
}

std::size_t area_of(const Size3& size) {
    return static_cast<std::size_t>(size.height * size.width);
}

/// No two summits are neighbours.
std::size_t most_basins(const Size3& size) {
    return static_cast<std::size_t>(size.depth) * (area_of(size) + 1) / 2;
}

}  // namespace

void Watershed::reserve(const Size3& size) {
    const std::size_t basins = most_basins(size), area = area_of(size);
    basins_.reserve(static_cast<std::size_t>(size.elements()));
    summits_.reserve(basins);
    saddles_.reserve(basins);
    parents_.reserve(basins);
    merged_summits_.reserve(basins);
    pixels_.reserve(basins);
    squared_.reserve(area);
    heights_.reserve(area);
    smoothed_.reserve(area);
    order_.reserve(area);
}

std::int64_t Watershed::bytes(const Size3& size) {
    constexpr std::size_t per_basin =
        2 * sizeof(float) + sizeof(Saddle) + sizeof(std::uint32_t) + sizeof(std::int64_t);
    constexpr std::size_t per_pixel_of_slice =
        sizeof(std::int32_t) + 2 * sizeof(float) + sizeof(std::uint64_t);
    return size.elements() * static_cast<std::int64_t>(sizeof(std::uint32_t)) +
           static_cast<std::int64_t>(most_basins(size) * per_basin +
                                     area_of(size) * per_pixel_of_slice);
}

void Watershed::find(std::span<const std::uint32_t> foreground, const Size3& size) {
    const std::size_t area = area_of(size);
    basins_.assign(foreground.size(), 0);
    summits_.clear();
    saddles_.clear();
    parents_.clear();
    squared_.resize(area);
    heights_.resize(area);
    smoothed_.resize(area);
    for (std::int64_t z = 0; z < size.depth; ++z) {
        const std::size_t first = static_cast<std::size_t>(z) * area;
        distances_.measure(foreground.data() + first, size.height, size.width,
                           DistanceTo::background, squared_.data());
        // A slice without background is flat: one basin, whatever its height.
        for (std::size_t i = 0; i < area; ++i)
            heights_[i] =
                squared_[i] == no_distance ? 0.0f : static_cast<float>(sqrt_of(squared_[i]));
        smooth(size.height, size.width);
        flood(foreground.data() + first, basins_.data() + first, size.height, size.width);
    }
}

/// heights_, smoothed in place: along columns, then along rows.
void Watershed::smooth(std::int64_t height, std::int64_t width) {
    static const auto weights = gaussian_weights();
    for (std::int64_t y = 0; y < height; ++y) {
        std::array<const float*, 2 * reach + 1> rows;
        for (std::int64_t k = -reach; k <= reach; ++k)
            rows[static_cast<std::size_t>(k + reach)] =
                heights_.data() + inside(y + k, height) * width;
        float* out = smoothed_.data() + y * width;
        for (std::int64_t x = 0; x < width; ++x) {
            float sum = weights[0] * rows[reach][x];
            for (std::size_t k = 1; k <= reach; ++k)
                sum += weights[k] * (rows[reach - k][x] + rows[reach + k][x]);
            out[x] = sum;
        }
    }
    for (std::int64_t y = 0; y < height; ++y) {
        const float* row = smoothed_.data() + y * width;
        float* out = heights_.data() + y * width;
        const auto pixel = [&](std::int64_t x, auto at) {
            float sum = weights[0] * row[x];
            for (std::int64_t k = 1; k <= reach; ++k)
                sum += weights[static_cast<std::size_t>(k)] * (row[at(x - k)] + row[at(x + k)]);
            out[x] = sum;
        };
        const auto mirrored = [&](std::int64_t i) { return inside(i, width); };
        const auto as_is = [](std::int64_t i) { return i; };
        const std::int64_t first = std::min(reach, width), last = std::max(first, width - reach);
        for (std::int64_t x = 0; x < first; ++x) pixel(x, mirrored);
        for (std::int64_t x = first; x < last; ++x) pixel(x, as_is);
        for (std::int64_t x = last; x < width; ++x) pixel(x, mirrored);
    }
}

/// One slice from its highest pixel down, equal heights in raster order.
void Watershed::flood(const std::uint32_t* foreground, std::uint32_t* basins, std::int64_t height,
                      std::int64_t width) {
    // Heights are not negative, so their bits order as they do.
    order_.clear();
    for (std::int64_t i = 0; i < height * width; ++i)
        if (foreground[i] != 0)
            order_.push_back(
                std::uint64_t{~std::bit_cast<std::uint32_t>(heights_[static_cast<std::size_t>(i)])}
                    << 32 |
                static_cast<std::uint64_t>(i));
    std::sort(order_.begin(), order_.end());
    for (const std::uint64_t entry : order_) {
        const auto pixel = static_cast<std::int64_t>(entry & 0xFFFFFFFFu);
        basins[pixel] = basin_of(pixel, basins, height, width);
    }
}

/// The basin of the highest neighbour that was flooded before, or a new one; notes saddles.
std::uint32_t Watershed::basin_of(std::int64_t pixel, const std::uint32_t* basins,
                                  std::int64_t height, std::int64_t width) {
    std::array<std::int64_t, 4> neighbours;
    std::size_t count = 0;
    const std::int64_t y = pixel / width, x = pixel % width;
    const auto look = [&](bool exists, std::int64_t other) {
        if (exists && basins[other] != 0) neighbours[count++] = other;
    };
    look(y > 0, pixel - width);
    look(x > 0, pixel - 1);
    look(x + 1 < width, pixel + 1);
    look(y + 1 < height, pixel + width);
    const auto height_at = [&](std::int64_t i) { return heights_[static_cast<std::size_t>(i)]; };
    if (count == 0) {
        summits_.push_back(height_at(pixel));
        parents_.push_back(static_cast<std::uint32_t>(parents_.size()));
        return static_cast<std::uint32_t>(summits_.size());
    }
    std::int64_t highest = neighbours[0];
    for (std::size_t k = 1; k < count; ++k)
        if (height_at(neighbours[k]) > height_at(highest)) highest = neighbours[k];
    for (std::size_t k = 0; k < count; ++k) {
        const std::uint32_t a = basins[highest] - 1, b = basins[neighbours[k]] - 1;
        const std::uint32_t root_a = root(a), root_b = root(b);
        if (root_a == root_b) continue;
        parents_[root_b] = root_a;
        saddles_.push_back({a, b, height_at(pixel)});
    }
    return basins[highest];
}

std::uint32_t Watershed::root(std::uint32_t basin) {
    while (parents_[basin] != basin) basin = parents_[basin] = parents_[parents_[basin]];
    return basin;
}

std::int64_t Watershed::merge(double depth, std::int64_t minimum_pixels,
                              std::span<std::uint32_t> objects) {
    std::iota(parents_.begin(), parents_.end(), 0u);
    merged_summits_ = summits_;
    for (const Saddle& saddle : saddles_) {
        std::uint32_t a = root(saddle.a), b = root(saddle.b);
        if (merged_summits_[b] > merged_summits_[a]) std::swap(a, b);
        if (static_cast<double>(merged_summits_[b]) - static_cast<double>(saddle.height) < depth)
            parents_[b] = a;
    }
    pixels_.assign(summits_.size(), 0);
    for (const std::uint32_t basin : basins_)
        if (basin != 0) ++pixels_[root(basin - 1)];
    // From here on an entry below 0 is an id.
    std::int64_t next = 0;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        objects[i] = 0;
        if (basins_[i] == 0) continue;
        std::int64_t& entry = pixels_[root(basins_[i] - 1)];
        if (entry > 0) entry = entry < minimum_pixels ? 0 : -++next;
        objects[i] = static_cast<std::uint32_t>(-entry);
    }
    return next;
}

}  // namespace unet
