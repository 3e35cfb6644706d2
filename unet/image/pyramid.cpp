#include "unet/image/pyramid.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "unet/core/system/processors.h"
#include "unet/image/sample_bytes.h"

namespace unet {
namespace {

std::int64_t half(std::int64_t length) { return (length + 1) / 2; }

/// Samples of a chunk that are inside the image, and how many of them stand in a row of memory.
struct Rectangle {
    const std::byte* samples;
    std::int64_t rows, columns, stride;
};

template <class T>
T sample_at(const std::byte* row, std::int64_t x) {
    T value;
    std::memcpy(&value, row + x * std::int64_t{sizeof(T)}, sizeof value);
    return value;
}

template <class T>
void store(T value, std::byte* row, std::int64_t x) {
    std::memcpy(row + x * std::int64_t{sizeof(T)}, &value, sizeof value);
}

/// Of one, two or four samples; halves are rounded up.
template <class T, class... Samples>
T mean_of(Samples... samples) {
    constexpr int count = sizeof...(samples);
    if constexpr (std::is_integral_v<T>) {
        using Sum = std::conditional_t<(sizeof(T) < 4), std::int32_t, std::int64_t>;
        constexpr int shift = count == 4 ? 2 : count / 2;
        return static_cast<T>((Sum{count / 2} + ... + Sum{samples}) >> shift);
    } else {
        return static_cast<T>((0.0 + ... + static_cast<double>(samples)) / count);
    }
}

/// Means of two by two samples, of fewer at the image's end. The inner loops have no branches:
/// the compiler makes vector code of them.
template <class T>
void halve_mean(const Rectangle& from, std::byte* target) {
    const std::int64_t row_bytes = from.stride * std::int64_t{sizeof(T)};
    const std::int64_t pairs = from.columns / 2, last = from.columns - 1;
    const std::byte* row = from.samples;
    for (std::int64_t y = 0; y < from.rows; y += 2, row += 2 * row_bytes) {
        const std::byte *upper = row, *lower = row + row_bytes;
        const bool two_rows = y + 1 < from.rows;
        const auto at = [](const std::byte* of, std::int64_t x) { return sample_at<T>(of, x); };
        if (two_rows)
            for (std::int64_t x = 0; x < pairs; ++x)
                store(mean_of<T>(at(upper, 2 * x), at(upper, 2 * x + 1), at(lower, 2 * x),
                                 at(lower, 2 * x + 1)),
                      target, x);
        else
            for (std::int64_t x = 0; x < pairs; ++x)
                store(mean_of<T>(at(upper, 2 * x), at(upper, 2 * x + 1)), target, x);
        if (from.columns % 2 == 1)
            store(two_rows ? mean_of<T>(at(upper, last), at(lower, last)) : at(upper, last), target,
                  pairs);
        target += half(from.columns) * std::int64_t{sizeof(T)};
    }
}

template <class T>
void halve_upper_left(const Rectangle& from, std::byte* target) {
    const std::int64_t row_bytes = from.stride * std::int64_t{sizeof(T)};
    const std::int64_t columns = half(from.columns);
    const std::byte* row = from.samples;
    for (std::int64_t y = 0; y < from.rows; y += 2, row += 2 * row_bytes) {
        for (std::int64_t x = 0; x < columns; ++x) store(sample_at<T>(row, 2 * x), target, x);
        target += columns * std::int64_t{sizeof(T)};
    }
}

using Halve = void (*)(const Rectangle& from, std::byte* target);

template <class T>
Halve halve_of(bool labels) {
    return labels ? halve_upper_left<T> : halve_mean<T>;
}

Halve halve_of(SampleType type, bool labels) {
    constexpr Halve (*of_type[])(bool) = {halve_of<std::uint8_t>,  halve_of<std::uint16_t>,
                                          halve_of<std::uint32_t>, halve_of<std::int8_t>,
                                          halve_of<std::int16_t>,  halve_of<std::int32_t>,
                                          halve_of<float>};
    return of_type[static_cast<std::size_t>(type)](labels);
}

}  // namespace

std::vector<Size3> Pyramid::levels(std::int64_t height, std::int64_t width, std::int64_t edge) {
    std::vector<Size3> levels{{1, height, width}};
    while (std::max(levels.back().height, levels.back().width) > edge)
        levels.push_back({1, half(levels.back().height), half(levels.back().width)});
    return levels;
}

Pyramid::Pyramid(std::int64_t height, std::int64_t width, SampleType type, std::int64_t edge,
                 bool labels, int threads, Store store)
    : levels_(levels(height, width, edge)),
      type_(type),
      sample_bytes_(layout_of(type).bits / 8),
      edge_(edge),
      labels_(labels),
      context_(threads),
      store_(std::move(store)) {}

std::int64_t Pyramid::bytes(const Size3& size, std::int64_t planes, std::int64_t sample_bytes,
                            std::int64_t edge, int threads, const Size3& core) {
    const auto chunks_along = [edge](std::int64_t pixels) { return (pixels + edge - 1) / edge; };
    // Of each level a row of chunks that this row of cores or the next completes, and the chunks
    // that a core touches above it, but never more than there are.
    std::int64_t chunks = 0;
    Size3 written = core;
    for (const Size3& level : levels(size.height, size.width, edge)) {
        const std::int64_t across = chunks_along(level.width), rows = chunks_along(level.height);
        const std::int64_t down = std::min(chunks_along(written.height) + 1, rows);
        const std::int64_t touched = std::min(chunks_along(written.width) + 1, across);
        chunks += std::min(across + down * touched, across * rows);
        written = {1, half(written.height), half(written.width)};
    }
    const std::int64_t chunk = edge * edge * sample_bytes;
    const std::int64_t packing = threads > 0 ? threads : system::processors();
    return chunks * chunk * planes + 2 * packing * chunk;
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
                open.samples.resize(edge_ * edge_ * sample_bytes_);
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

void Pyramid::store_complete() {
    parallel_for(context_, std::ssize(complete_), [this](std::int64_t item, int) {
        const Chunk chunk = std::move(complete_[item]);
        store_(chunk);
    });
    complete_.clear();
}

void Pyramid::complete(Chunk chunk) {
    const auto level = static_cast<std::size_t>(chunk.level);
    if (level + 1 == levels_.size()) {
        complete_.push_back(std::move(chunk));
        return;
    }
    const std::int64_t y = chunk.row * edge_, x = chunk.column * edge_;
    const Rectangle inside{chunk.samples.data(), std::min(edge_, levels_[level].height - y),
                           std::min(edge_, levels_[level].width - x), edge_};
    const std::int64_t rows = half(inside.rows), columns = half(inside.columns);
    std::vector<std::byte> halved(rows * columns * sample_bytes_);
    halve_of(type_, labels_)(inside, halved.data());
    const std::int64_t plane = chunk.plane;
    complete_.push_back(std::move(chunk));
    put_level(level + 1, plane, y / 2, x / 2, rows, columns, halved.data());
}

}  // namespace unet
