#include "unet/objects/landscape.h"

#include <algorithm>
#include <array>
#include <bit>

#include "unet/core/math.h"
#include "unet/core/memory.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

constexpr double smoothing = 1.0;  // pixels: takes the steps of the pixel grid off the distance
constexpr std::int64_t reach = 3;

/// Pixels of other components within `reach` matter, too. Between them and the component lies
/// background, so their nearest is at most sqrt(2) reach farther off, that is 4 pixels.
constexpr std::int64_t margin = reach + 4;

constexpr std::size_t most_buckets = std::size_t{1} << 20;  // floats count them without rounding

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

const std::array<float, reach + 1> weights = gaussian_weights();

/// A slice without background is flat: one basin, whatever its height.
float root_of(std::int32_t squared) {
    return squared == no_distance ? 0.0f : static_cast<float>(sqrt_of(squared));
}

/// Most distances are short, and a table is several times faster.
const std::array<float, 4096> short_roots = [] {
    std::array<float, 4096> roots;
    for (std::size_t i = 0; i < roots.size(); ++i) roots[i] = root_of(static_cast<std::int32_t>(i));
    return roots;
}();

/// Mirrored beyond the border, the edge pixel repeated.
std::int64_t inside(std::int64_t i, std::int64_t length) {
    while (i < 0 || i >= length) i = i < 0 ? -1 - i : 2 * length - 1 - i;
    return i;
}

std::size_t with_edge(std::int64_t height, std::int64_t width) {
    return static_cast<std::size_t>((height + 2) * (width + 2));
}

std::size_t buckets_of(std::size_t pixels) { return std::min(std::bit_ceil(pixels), most_buckets); }

}  // namespace

PixelBox Landscape::window_about(const PixelBox& box, std::int64_t height, std::int64_t width) {
    PixelBox window;
    window.y = std::max<std::int64_t>(0, box.y - margin);
    window.x = std::max<std::int64_t>(0, box.x - margin);
    window.height = std::min(height, box.y + box.height + margin) - window.y;
    window.width = std::min(width, box.x + box.width + margin) - window.x;
    return window;
}

void Landscape::reserve(const PixelBox& box, const PixelBox& window, std::int64_t pixels) {
    distances_.reserve(window.width);
    make_room(squared_, static_cast<std::size_t>(window.pixels()));
    make_room(heights_, with_edge(box.height, box.width));
    make_room(flooded_, with_edge(box.height, box.width));
    make_room(order_, static_cast<std::size_t>(pixels));
    make_room(buckets_, buckets_of(static_cast<std::size_t>(pixels)) + 1);
    make_room(row_, static_cast<std::size_t>(window.width));
}

std::int64_t Landscape::bytes(const PixelBox& box, const PixelBox& window, std::int64_t pixels) {
    const auto count = static_cast<std::size_t>(pixels);
    return SliceDistances::bytes(window.width) +
           window.pixels() * static_cast<std::int64_t>(sizeof(std::int32_t)) +
           window.width * static_cast<std::int64_t>(sizeof(float)) +
           static_cast<std::int64_t>(
               with_edge(box.height, box.width) * (sizeof(float) + sizeof(std::uint32_t)) +
               count * sizeof(std::uint64_t) + (buckets_of(count) + 1) * sizeof(std::uint32_t));
}

void Landscape::flood(const PixelBox& box, const PixelBox& window, const std::uint32_t* foreground,
                      std::span<const LandscapeRun> runs, Basins& basins) {
    box_ = box;
    window_ = window;
    pitch_ = box.width + 2;
    std::int64_t pixels = 0;
    for (const LandscapeRun& run : runs) pixels += run.end - run.begin;
    reserve(box, window, pixels);
    measure(foreground);
    smooth();
    sort(runs, static_cast<std::size_t>(pixels));
    flooded_.assign(with_edge(box.height, box.width), 0);
    for (const std::uint64_t entry : order_) {
        const auto pixel = static_cast<std::size_t>(entry & 0xFFFFFFFFu);
        flooded_[pixel] = basin_of(pixel, basins);
    }
}

/// Distances in the window, as bits of floats in squared_.
void Landscape::measure(const std::uint32_t* foreground) {
    squared_.resize(static_cast<std::size_t>(window_.pixels()));
    distances_.measure(foreground, window_.width, window_.height, window_.width,
                       DistanceTo::background, squared_.data());
    for (std::int32_t& squared : squared_)
        squared = std::bit_cast<std::int32_t>(squared < std::ssize(short_roots)
                                                  ? short_roots[static_cast<std::size_t>(squared)]
                                                  : root_of(squared));
}

/// Heights of the box: along columns, then along rows.
void Landscape::smooth() {
    heights_.resize(with_edge(box_.height, box_.width));
    row_.resize(static_cast<std::size_t>(window_.width));
    const std::int64_t first = box_.x - window_.x, last = first + box_.width;
    for (std::int64_t y = 0; y < box_.height; ++y) {
        smooth_row(box_.y - window_.y + y, row_.data());
        const float* row = row_.data();
        float* out = heights_.data() + place(box_.y + y, box_.x) - first;
        const auto pixel = [&](std::int64_t x, auto at) {
            float sum = weights[0] * row[x];
            for (std::int64_t k = 1; k <= reach; ++k)
                sum += weights[static_cast<std::size_t>(k)] * (row[at(x - k)] + row[at(x + k)]);
            out[x] = sum;
        };
        const auto mirrored = [&](std::int64_t i) { return inside(i, window_.width); };
        const auto as_is = [](std::int64_t i) { return i; };
        const std::int64_t begin = std::clamp(reach, first, last);
        const std::int64_t end = std::clamp(window_.width - reach, begin, last);
        for (std::int64_t x = first; x < begin; ++x) pixel(x, mirrored);
        for (std::int64_t x = begin; x < end; ++x) pixel(x, as_is);
        for (std::int64_t x = end; x < last; ++x) pixel(x, mirrored);
    }
}

/// Row y of the window, smoothed along columns.
void Landscape::smooth_row(std::int64_t y, float* out) {
    std::array<const std::int32_t*, 2 * reach + 1> rows;
    for (std::int64_t k = -reach; k <= reach; ++k)
        rows[static_cast<std::size_t>(k + reach)] =
            squared_.data() + inside(y + k, window_.height) * window_.width;
    const auto at = [&](std::size_t row, std::int64_t x) {
        return std::bit_cast<float>(rows[row][x]);
    };
    for (std::int64_t x = 0; x < window_.width; ++x) {
        float sum = weights[0] * at(reach, x);
        for (std::size_t k = 1; k <= reach; ++k)
            sum += weights[k] * (at(reach - k, x) + at(reach + k, x));
        out[x] = sum;
    }
}

/// Into order_, by buckets of about one pixel each.
void Landscape::sort(std::span<const LandscapeRun> runs, std::size_t count) {
    float highest = 0.0f;
    const auto for_each = [&](auto function) {
        for (const LandscapeRun& run : runs) {
            const std::size_t first = place(run.y, run.begin);
            for (std::size_t i = first; i < first + run.end - run.begin; ++i)
                function(i, heights_[i]);
        }
    };
    for_each([&](std::size_t, float height) { highest = std::max(highest, height); });
    const std::size_t last = buckets_of(count) - 1;
    const float scale = highest > 0.0f ? static_cast<float>(last) / highest : 0.0f;
    const auto bucket_of = [&](float height) {
        return last - std::min(last, static_cast<std::size_t>(height * scale));
    };
    buckets_.assign(last + 2, 0);
    for_each([&](std::size_t, float height) { ++buckets_[bucket_of(height) + 1]; });
    for (std::size_t b = 0; b <= last; ++b) buckets_[b + 1] += buckets_[b];
    order_.resize(count);
    // Heights are not negative, so their bits order as they do.
    for_each([&](std::size_t i, float height) {
        order_[buckets_[bucket_of(height)]++] =
            std::uint64_t{~std::bit_cast<std::uint32_t>(height)} << 32 | i;
    });
    std::size_t begin = 0;
    for (std::size_t b = 0; b <= last; begin = buckets_[b++])
        if (buckets_[b] - begin > 1)
            std::sort(order_.begin() + static_cast<std::ptrdiff_t>(begin),
                      order_.begin() + static_cast<std::ptrdiff_t>(buckets_[b]));
}

/// The basin of the highest neighbour that was flooded before, or a new one; notes saddles.
std::uint32_t Landscape::basin_of(std::size_t pixel, Basins& basins) {
    const auto pitch = static_cast<std::size_t>(pitch_);
    std::size_t highest = 0;
    float height = -1.0f;
    std::uint32_t first = 0;
    bool meet = false;
    for (const std::size_t other : {pixel - pitch, pixel - 1, pixel + 1, pixel + pitch}) {
        const std::uint32_t basin = flooded_[other];
        if (basin == 0) continue;
        meet |= first != 0 && basin != first;
        first = basin;
        if (heights_[other] > height) {
            height = heights_[other];
            highest = other;
        }
    }
    if (first == 0) {
        check_ids(std::ssize(basins.summits) + 1, "summits", {1, box_.height, box_.width});
        basins.summits.push_back(heights_[pixel]);
        basins.parents.push_back(static_cast<std::uint32_t>(basins.parents.size()));
        return static_cast<std::uint32_t>(basins.summits.size());
    }
    return meet ? join(pixel, highest, basins) : first;
}

std::uint32_t Landscape::join(std::size_t pixel, std::size_t highest, Basins& basins) {
    const auto pitch = static_cast<std::size_t>(pitch_);
    const std::uint32_t a = flooded_[highest] - 1;
    for (const std::size_t other : {pixel - pitch, pixel - 1, pixel + 1, pixel + pitch}) {
        if (flooded_[other] == 0) continue;
        const std::uint32_t b = flooded_[other] - 1;
        const std::uint32_t root_a = basins.root(a), root_b = basins.root(b);
        if (root_a == root_b) continue;
        basins.parents[root_b] = root_a;
        basins.saddles.push_back({a, b, heights_[pixel]});
    }
    return a + 1;
}

}  // namespace unet
