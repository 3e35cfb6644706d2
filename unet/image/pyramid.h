#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// A square of one plane of a pyramid, full-sized: beyond the picture it holds zeros.
struct Chunk {
    std::int64_t level = 0;  ///< 0: full resolution
    std::int64_t plane = 0;
    std::int64_t row = 0, column = 0;  ///< counted in chunks
    std::vector<std::byte> samples;
};

/// Chunks are packed by this many threads while others are computed: a fourth of those that the
/// process may run on, since packing takes about a fourth of what a small network does.
int packing_threads();
/// Chunks that are at most being packed or waiting for it.
std::size_t most_packing();

/// Pixels that come a rectangle at a time and leave in complete chunks, of the picture and of its
/// smaller copies, each half as large as the one before, until one chunk holds all. Only chunks
/// that are not complete are kept.
class Pyramid {
public:
    using Emit = std::function<void(Chunk)>;

    /// `edge` is even. Smaller copies hold means of four pixels; of `labels`, whose numbers have no
    /// mean, the upper left of four. `emit` gets each chunk once, in the order in which they become
    /// complete.
    Pyramid(std::int64_t height, std::int64_t width, SampleType type, std::int64_t edge,
            bool labels, Emit emit);

    /// Rows of little-endian samples of a rectangle. Rectangles of a plane do not overlap.
    void put(std::int64_t plane, std::int64_t y, std::int64_t x, std::int64_t rows,
             std::int64_t columns, std::span<const std::byte> samples);

    /// {1, height, width} of each level, the full resolution first.
    static std::vector<Size3> levels(std::int64_t height, std::int64_t width, std::int64_t edge);
    /// What is kept while cores of a size come in raster order, all planes of a slice at once, and
    /// what most_packing() chunks take.
    static std::int64_t bytes(const Size3& size, std::int64_t planes, std::int64_t sample_bytes,
                              std::int64_t edge, const Size3& core);

private:
    struct Open {
        std::vector<std::byte> samples;
        std::int64_t missing = 0;  ///< pixels
    };
    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

    void put_level(std::size_t level, std::int64_t plane, std::int64_t y, std::int64_t x,
                   std::int64_t rows, std::int64_t columns, const std::byte* samples);
    void complete(Chunk chunk);

    std::vector<Size3> levels_;
    SampleType type_;
    std::int64_t sample_bytes_, edge_;
    bool labels_;
    Emit emit_;
    std::map<Key, Open> open_;
};

}  // namespace unet
