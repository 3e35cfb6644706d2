#include "unet/image/pyramid.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include "unet/core/context.h"
#include "unet/image/sample_bytes.h"

namespace unet {
namespace {

std::int64_t half(std::int64_t length) { return (length + 1) / 2; }

/// Samples of a chunk that are inside the picture, and how many of them stand in a row of memory.
struct Rectangle {
    const std::byte* samples;
    std::int64_t rows, columns, stride;
};

template <class T>
T sample_at(const Rectangle& of, std::int64_t y, std::int64_t x) {
    T value;
    std::memcpy(&value, of.samples + (y * of.stride + x) * std::int64_t{sizeof(T)}, sizeof value);
    return value;
}

/// Means of two by two samples, of fewer at the picture's end; halves are rounded up.
template <class T>
void halve_mean(const Rectangle& from, std::byte* target) {
    for (std::int64_t y = 0; y < from.rows; y += 2)
        for (std::int64_t x = 0; x < from.columns; x += 2, target += sizeof(T)) {
            double sum = 0.0, count = 0.0;
            for (std::int64_t dy = 0; dy < 2 && y + dy < from.rows; ++dy)
                for (std::int64_t dx = 0; dx < 2 && x + dx < from.columns; ++dx, count += 1.0)
                    sum += static_cast<double>(sample_at<T>(from, y + dy, x + dx));
            const double mean = sum / count;
            const T stored = static_cast<T>(std::is_integral_v<T> ? std::floor(mean + 0.5) : mean);
            std::memcpy(target, &stored, sizeof stored);
        }
}

using Halve = void (*)(const Rectangle& from, std::byte* target);

Halve mean_of(SampleType type) {
    constexpr Halve means[] = {halve_mean<std::uint8_t>,  halve_mean<std::uint16_t>,
                               halve_mean<std::uint32_t>, halve_mean<std::int8_t>,
                               halve_mean<std::int16_t>,  halve_mean<std::int32_t>,
                               halve_mean<float>};
    return means[static_cast<std::size_t>(type)];
}

void halve_upper_left(const Rectangle& from, std::int64_t bytes, std::byte* target) {
    for (std::int64_t y = 0; y < from.rows; y += 2)
        for (std::int64_t x = 0; x < from.columns; x += 2, target += bytes)
            std::memcpy(target, from.samples + (y * from.stride + x) * bytes,
                        static_cast<std::size_t>(bytes));
}

}  // namespace

int packing_threads() { return (available_threads() + 3) / 4; }

std::size_t most_packing() { return static_cast<std::size_t>(packing_threads()) + 1; }

std::vector<Size3> Pyramid::levels(std::int64_t height, std::int64_t width, std::int64_t edge) {
    std::vector<Size3> levels{{1, height, width}};
    while (std::max(levels.back().height, levels.back().width) > edge)
        levels.push_back({1, half(levels.back().height), half(levels.back().width)});
    return levels;
}

Pyramid::Pyramid(std::int64_t height, std::int64_t width, SampleType type, std::int64_t edge,
                 bool labels, Emit emit)
    : levels_(levels(height, width, edge)),
      type_(type),
      sample_bytes_(layout_of(type).bits / 8),
      edge_(edge),
      labels_(labels),
      emit_(std::move(emit)) {}

std::int64_t Pyramid::bytes(const Size3& size, std::int64_t planes, std::int64_t sample_bytes,
                            std::int64_t edge, const Size3& core) {
    // A row of chunks that this row of cores or the next completes, the chunks that a core touches
    // above it, and as much again for all smaller levels.
    const std::int64_t across = (size.width + edge - 1) / edge;
    const std::int64_t down =
        std::min((core.height + edge - 1) / edge + 1, (size.height + edge - 1) / edge);
    const std::int64_t touched = std::min((core.width + edge - 1) / edge + 1, across);
    const std::int64_t chunk = edge * edge * sample_bytes;
    const auto packing = static_cast<std::int64_t>(most_packing());
    return 2 * (across + down * touched) * chunk * planes + 2 * packing * chunk;
}

void Pyramid::put(std::int64_t plane, std::int64_t y, std::int64_t x, std::int64_t rows,
                  std::int64_t columns, std::span<const std::byte> samples) {
    put_level(0, plane, y, x, rows, columns, samples.data());
}

void Pyramid::put_level(std::size_t level, std::int64_t plane, std::int64_t y, std::int64_t x,
                        std::int64_t rows, std::int64_t columns, const std::byte* samples) {
    const Size3& size = levels_[level];
    for (std::int64_t row = y / edge_; row * edge_ < y + rows; ++row)
        for (std::int64_t column = x / edge_; column * edge_ < x + columns; ++column) {
            const std::int64_t top = std::max(y, row * edge_), left = std::max(x, column * edge_);
            const std::int64_t bottom = std::min(y + rows, (row + 1) * edge_);
            const std::int64_t right = std::min(x + columns, (column + 1) * edge_);
            const Key key{static_cast<std::int64_t>(level), plane, row, column};
            Open& open = open_[key];
            if (open.samples.empty()) {
                open.samples.resize(static_cast<std::size_t>(edge_ * edge_ * sample_bytes_));
                open.missing = std::min(edge_, size.height - row * edge_) *
                               std::min(edge_, size.width - column * edge_);
            }
            for (std::int64_t line = top; line < bottom; ++line)
                std::memcpy(
                    open.samples.data() +
                        ((line - row * edge_) * edge_ + left - column * edge_) * sample_bytes_,
                    samples + ((line - y) * columns + left - x) * sample_bytes_,
                    static_cast<std::size_t>((right - left) * sample_bytes_));
            open.missing -= (bottom - top) * (right - left);
            if (open.missing > 0) continue;
            std::vector<std::byte> done = std::move(open.samples);
            open_.erase(key);
            complete({static_cast<std::int64_t>(level), plane, row, column, std::move(done)});
        }
}

void Pyramid::complete(Chunk chunk) {
    const auto level = static_cast<std::size_t>(chunk.level);
    if (level + 1 == levels_.size()) {
        emit_(std::move(chunk));
        return;
    }
    const std::int64_t y = chunk.row * edge_, x = chunk.column * edge_;
    const Rectangle inside{chunk.samples.data(), std::min(edge_, levels_[level].height - y),
                           std::min(edge_, levels_[level].width - x), edge_};
    const std::int64_t rows = half(inside.rows), columns = half(inside.columns);
    std::vector<std::byte> halved(static_cast<std::size_t>(rows * columns * sample_bytes_));
    if (labels_)
        halve_upper_left(inside, sample_bytes_, halved.data());
    else
        mean_of(type_)(inside, halved.data());
    const std::int64_t plane = chunk.plane;
    emit_(std::move(chunk));
    put_level(level + 1, plane, y / 2, x / 2, rows, columns, halved.data());
}

}  // namespace unet
