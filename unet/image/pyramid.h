#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/image.h"

namespace unet {

/// A square of one plane of a pyramid, full-sized: beyond the image it holds zeros.
struct Chunk {
    std::int64_t level = 0;  ///< 0: full resolution
    std::int64_t plane = 0;
    std::int64_t row = 0, column = 0;  ///< counted in chunks
    std::vector<std::byte> samples;
};

/// Pixels that come a rectangle at a time and leave in complete chunks, of the image and of its
/// smaller copies, each half as large as the one before, until one chunk holds all. Only chunks
/// that are not complete are kept, and complete ones until the next store_complete().
class Pyramid {
public:
    using Store = std::function<void(const Chunk&)>;

    /// `edge` is even. Smaller copies hold means of four pixels; of `labels`, whose numbers have no
    /// mean, the upper left of four. `store` gets each chunk once, on any of `threads` threads (0:
    /// all), several at a time.
    Pyramid(std::int64_t height, std::int64_t width, SampleType type, std::int64_t edge,
            bool labels, int threads, Store store);

    /// Rows of little-endian samples of a rectangle. Rectangles of a plane do not overlap.
    void put(std::int64_t plane, std::int64_t y, std::int64_t x, std::int64_t rows,
             std::int64_t columns, std::span<const std::byte> samples);
    /// Hands over the chunks that are complete since the last time. Throws what `store` throws.
    void store_complete();

    /// {1, height, width} of each level, the full resolution first.
    static std::vector<Size3> levels(std::int64_t height, std::int64_t width, std::int64_t edge);
    /// What is kept while cores of a size come in raster order, all planes of a slice at once, and
    /// what packing a chunk on each thread takes.
    static std::int64_t bytes(const Size3& size, std::int64_t planes, std::int64_t sample_bytes,
                              std::int64_t edge, int threads, const Size3& core);

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
    Context context_;
    Store store_;
    std::map<Key, Open> open_;
    std::vector<Chunk> complete_;
};

}  // namespace unet
