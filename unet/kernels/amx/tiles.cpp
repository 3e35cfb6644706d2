// Compiled with the instructions of AMX, AVX-512 and its bfloat16. No standard library in here.
#include "unet/kernels/amx/tiles.h"

#include <immintrin.h>

namespace unet::kernels::amx {
namespace {

// A block of results is four accumulators, registers 0 to 3, of 16 pixels by 16 channels: two tiles
// of pixels by all 32 channels of a target, or four by the first 16 where no more exist. 4 and 5
// hold pixels by 32 source channels, 6 and 7 weights. Each load serves two or four products.

/// Layout of the instruction's operand.
struct alignas(64) Configuration {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t row_bytes[16] = {};
    std::uint8_t rows[16] = {};
};

/// Tiles of `pixels` pixels. In assembler: GCC 12 knows only 8 bytes of the intrinsic's operand,
/// and may leave out what is stored into the others.
void configure_tiles(std::int64_t pixels) {
    Configuration c;
    for (int tile = 0; tile < 8; ++tile) {
        c.row_bytes[tile] = 64;
        c.rows[tile] = static_cast<std::uint8_t>(tile < 6 ? pixels : 16);
    }
    asm volatile("ldtilecfg %0" : : "m"(c));
}

/// A block that is computed: its sums, and where they go, tile of pixels by tile.
struct Block {
    alignas(64) float sums[4][16][16];
    std::byte* places[4];
};

/// How sums become results.
struct Epilogue {
    std::int64_t pixels;  ///< of a tile
    std::int64_t step, host_channel_stride, channels;
    bool past_caches;
    __m512 least;  ///< 0 of a ReLU
};

constexpr int pixel_tiles(int halves) { return 4 / halves; }

/// Writes pixels [first, last) of a block, counted through its tiles.
template <int halves>
inline void write(const Block& block, const Epilogue& e, std::int64_t first, std::int64_t last) {
    if (e.host_channel_stride != 0) return;
    for (std::int64_t k = first; k < last; ++k) {
        const std::int64_t tile = k / tile_pixels, pixel = k % tile_pixels;
        if (pixel >= e.pixels) continue;
        const float* sums = block.sums[tile * halves][pixel];
        std::byte* place = block.places[tile] + pixel * e.step;
        // What is not a number stays so: the second operand is the result then.
        const __m512 low = _mm512_max_ps(e.least, _mm512_load_ps(sums));
        const __m512 high = halves == 2 ? _mm512_max_ps(e.least, _mm512_load_ps(sums + 16 * 16))
                                        : _mm512_setzero_ps();
        const __m512i both = (__m512i)_mm512_cvtne2ps_pbh(high, low);
        if (e.past_caches)
            _mm512_stream_si512(reinterpret_cast<__m512i*>(place), both);
        else
            _mm512_store_si512(place, both);
    }
}

/// The same of a whole block into planes of float32.
template <int halves>
inline void write_to_host(const Block& block, const Epilogue& e) {
    for (int tile = 0; tile < pixel_tiles(halves); ++tile)
        for (std::int64_t c = 0; c < e.channels; ++c) {
            const float* sums = block.sums[tile * halves + c / 16][0] + c % 16;
            auto* to = reinterpret_cast<float*>(block.places[tile] + c * e.host_channel_stride);
            for (std::int64_t pixel = 0; pixel < e.pixels; ++pixel) to[pixel] = sums[pixel * 16];
        }
}

/// The sums of a block over all taps of one source, added to the accumulators. In between, some
/// pixels of the block before are written at every tap: the tiles' unit is busy meanwhile.
template <int halves>
inline void accumulate(const SourceBlock& source, const std::byte* const* pixels, std::int64_t taps,
                       const std::byte* weights, const Block& before, const Epilogue& epilogue,
                       std::int64_t pace, std::int64_t& written) {
    constexpr std::int64_t all = pixel_tiles(halves) * tile_pixels;
    for (std::int64_t tap = 0; tap < taps; ++tap, weights += weight_block_bytes) {
        const std::int64_t at = source.tap_offsets[tap];
        _tile_loadd(6, weights, 64);
        _tile_loadd(4, pixels[0] + at, pixel_bytes);
        _tile_loadd(5, pixels[1] + at, pixel_bytes);
        if constexpr (halves == 2) {
            _tile_loadd(7, weights + weight_block_bytes / 2, 64);
            _tile_dpbf16ps(0, 4, 6);
            _tile_dpbf16ps(1, 4, 7);
            _tile_dpbf16ps(2, 5, 6);
            _tile_dpbf16ps(3, 5, 7);
        } else {
            _tile_dpbf16ps(0, 4, 6);
            _tile_dpbf16ps(1, 5, 6);
            _tile_loadd(4, pixels[2] + at, pixel_bytes);
            _tile_loadd(5, pixels[3] + at, pixel_bytes);
            _tile_dpbf16ps(2, 4, 6);
            _tile_dpbf16ps(3, 5, 6);
        }
        if (written < all) {
            const std::int64_t last = written + pace < all ? written + pace : all;
            write<halves>(before, epilogue, written, last);
            written = last;
        }
    }
}

template <int halves>
inline void start_at(const float* bias) {
    const float* second = halves == 2 ? bias + 16 : bias;
    _tile_loadd(0, bias, 0);  // a stride of 0: every pixel starts as the bias
    _tile_loadd(1, second, 0);
    _tile_loadd(2, bias, 0);
    _tile_loadd(3, second, 0);
}

template <int halves>
void compute_target(const TileJob& job, const TargetBlock& target, const std::byte* weights,
                    std::int64_t sample, std::int64_t first_row, std::int64_t last_row,
                    std::int64_t pixels) {
    constexpr std::int64_t tiles = pixel_tiles(halves), all = tiles * tile_pixels;
    const std::int64_t width = job.grid.width, height = job.grid.height;
    const std::int64_t across = (width + tile_pixels - 1) / tile_pixels;
    const std::int64_t count = (last_row - first_row) * across;
    const std::int64_t steps = job.source_count * job.taps;
    // Pixels for every tap, all of them by the last one.
    const std::int64_t pace = all / (steps < 8 ? steps : 8) + (steps < 8 ? 1 : 0);
    const Epilogue epilogue{
        pixels,          job.target_step, job.host_channel_stride,
        target.channels, job.past_caches, _mm512_set1_ps(job.relu ? 0.0f : -__builtin_inff())};
    Block blocks[2];
    std::int64_t written = all;  // nothing came before
    int now = 0;
    for (std::int64_t first = 0; first < count; first += tiles, now ^= 1) {
        Block& block = blocks[now];
        std::int64_t x[tiles], y[tiles], z[tiles];
        for (std::int64_t k = 0; k < tiles; ++k) {
            // The last tile again where none is left, and in a row pixels again that the tile
            // before had: the results are the same.
            const std::int64_t tile = first + k < count ? first + k : count - 1;
            const std::int64_t row = first_row + tile / across, right = width - pixels;
            const std::int64_t left = tile % across * tile_pixels;
            x[k] = left < right ? left : right;
            y[k] = row % height;
            z[k] = row / height;
            block.places[k] = target.data + sample * target.batch_stride +
                              z[k] * target.plane_stride + y[k] * target.row_stride +
                              (job.target_column + x[k]) * job.target_step;
        }
        start_at<halves>(target.bias);
        for (std::int64_t s = 0; s < job.source_count; ++s) {
            const SourceBlock& source = job.sources[s];
            const std::byte* from[tiles];
            for (std::int64_t k = 0; k < tiles; ++k)
                from[k] = source.data + sample * source.batch_stride + z[k] * source.plane_stride +
                          y[k] * source.row_stride + x[k] * pixel_bytes;
            accumulate<halves>(source, from, job.taps, weights + s * job.taps * weight_block_bytes,
                               blocks[now ^ 1], epilogue, pace, written);
        }
        _tile_stored(0, block.sums[0], 64);
        _tile_stored(1, block.sums[1], 64);
        _tile_stored(2, block.sums[2], 64);
        _tile_stored(3, block.sums[3], 64);
        written = 0;
        if (job.host_channel_stride != 0) write_to_host<halves>(block, epilogue);
    }
    write<halves>(blocks[now ^ 1], epilogue, 0, all);
}

/// Numbers of bfloat16 as whole numbers of the same order, and back.
inline __m512i ordered(__m512i values) {
    const __m512i negative = _mm512_srai_epi16(values, 15);
    return _mm512_xor_si512(values, _mm512_srli_epi16(negative, 1));
}

}  // namespace

void compute_tiles(const TileJob& job, std::int64_t sample, std::int64_t first_row,
                   std::int64_t last_row, std::int64_t first, std::int64_t last) {
    const std::int64_t pixels = job.grid.width < tile_pixels ? job.grid.width : tile_pixels;
    configure_tiles(pixels);
    for (std::int64_t t = first; t < last; ++t) {
        const TargetBlock& target = job.targets[t];
        const std::byte* weights =
            job.weights + t * job.source_count * job.taps * weight_block_bytes;
        (target.channels > 16 ? compute_target<2> : compute_target<1>)(job, target, weights, sample,
                                                                       first_row, last_row, pixels);
    }
    _tile_release();
    _mm_sfence();  // what went past the caches is in memory
}

void interleave(const float* const* from, std::int64_t count, std::int64_t pixels, std::byte* to) {
    for (std::int64_t first = 0; first < pixels; first += 16) {
        const std::int64_t left = pixels - first;
        const __mmask16 there = static_cast<__mmask16>(left < 16 ? (1 << left) - 1 : 0xffff);
        alignas(64) std::uint32_t pairs[16][16];  // of values, then pixels
        for (std::int64_t k = 0; k < 32; k += 2) {
            const auto row = [&](std::int64_t r) {
                return r < count && from[r] ? _mm512_maskz_loadu_ps(there, from[r] + first)
                                            : _mm512_setzero_ps();
            };
            const __m512i both = (__m512i)_mm512_cvtne2ps_pbh(row(k + 1), row(k));
            // The first halves of both rows' sixteen, then the second ones: to pairs.
            const __m512i low = _mm512_cvtepu16_epi32(_mm512_castsi512_si256(both));
            const __m512i high = _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(both, 1));
            _mm512_store_si512(pairs[k / 2], _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
        }
        for (std::int64_t p = 0; p < (left < 16 ? left : 16); ++p) {
            auto* pixel = reinterpret_cast<std::uint32_t*>(to + (first + p) * pixel_bytes);
            for (int k = 0; k < 16; ++k) pixel[k] = pairs[k][p];
        }
    }
}

void max_pool_row(const std::byte* const* rows, std::int64_t row_count, std::int64_t step,
                  std::byte* output, std::int64_t count) {
    for (std::int64_t x = 0; x < count; ++x) {
        __m512i best = ordered(_mm512_loadu_si512(rows[0] + x * step * pixel_bytes));
        for (std::int64_t r = 0; r < row_count; ++r)
            for (std::int64_t k = 0; k < step; ++k)
                best = _mm512_max_epi16(
                    best, ordered(_mm512_loadu_si512(rows[r] + (x * step + k) * pixel_bytes)));
        _mm512_storeu_si512(output + x * pixel_bytes, ordered(best));
    }
}

}  // namespace unet::kernels::amx
