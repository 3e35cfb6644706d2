#include "unet/image/tiff/tiff_page.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Samples whose bits are no whole number of bytes that the machine knows.
bool is_packed(int bits) { return bits != 8 && bits != 16 && bits != 32 && bits != 64; }

/// One sample of `bits` bits, first in the high bits, from bit `at` on.
std::uint32_t bits_at(const std::byte* packed, std::int64_t at, int bits) {
    std::uint64_t value = 0;
    const std::int64_t first = at / 8, last = (at + bits - 1) / 8;
    for (std::int64_t i = first; i <= last; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(packed[i]);
    const auto behind = (last + 1) * 8 - (at + bits);
    return static_cast<std::uint32_t>(value >> behind & ((std::uint64_t{1} << bits) - 1));
}

/// Samples of 24 bits, which libtiff gives in the byte order of the machine.
std::uint32_t three_bytes_at(const std::byte* packed) {
    std::uint32_t value = 0;
    for (int i = 0; i < 3; ++i) {
        const int byte = std::endian::native == std::endian::little ? 2 - i : i;
        value = value << 8 | std::to_integer<std::uint32_t>(packed[byte]);
    }
    return value;
}

/// `count` packed samples to as many whole ones, `step` samples apart.
void unpack(const std::byte* packed, const SampleLayout& layout, std::int64_t count,
            std::byte* target, std::int64_t step) {
    const int bits = layout.bits, unused = 32 - bits;
    const std::int64_t bytes = layout.bytes();
    for (std::int64_t i = 0; i < count; ++i) {
        std::uint32_t value =
            bits == 24 ? three_bytes_at(packed + 3 * i) : bits_at(packed, i * bits, bits);
        if (layout.kind == NumberKind::signed_integer)
            value =
                static_cast<std::uint32_t>(static_cast<std::int32_t>(value << unused) >> unused);
        const auto narrow8 = static_cast<std::uint8_t>(value);
        const auto narrow16 = static_cast<std::uint16_t>(value);
        const void* source = bytes == 1   ? static_cast<const void*>(&narrow8)
                             : bytes == 2 ? static_cast<const void*>(&narrow16)
                                          : static_cast<const void*>(&value);
        std::memcpy(target + i * step * bytes, source, static_cast<std::size_t>(bytes));
    }
}

class RowDecoder {
public:
    RowDecoder(std::span<const TiffHandle> tiffs, const TiffDirectory& page,
               const SampleLayout& layout, std::int64_t first, std::int64_t rows,
               std::span<std::byte> pixels)
        : tiffs_(tiffs),
          tiff_(tiffs.front()),
          page_(page),
          layout_(layout),
          first_(first),
          end_(first + rows),
          pixels_(pixels) {}

    void read_strips() {
        const std::int64_t line = TIFFScanlineSize64(tiff_.get()) > 0
                                      ? static_cast<std::int64_t>(TIFFScanlineSize64(tiff_.get()))
                                      : 0;
        if (line < packed_bytes(page_.width)) tiff_.refuse("its rows have no size");
        std::vector<std::byte> row(line);
        for (std::int64_t sample = 0; sample < planes(); ++sample)
            for (std::int64_t y = first_decoded_row(sample); y < end_; ++y) {
                if (TIFFReadScanline(tiff_.get(), row.data(), static_cast<std::uint32_t>(y),
                                     static_cast<std::uint16_t>(sample)) != 1)
                    tiff_.refuse(fmt::format("row {} cannot be decoded", y));
                if (y >= first_) store(row.data(), y, 0, page_.width, sample);
            }
    }

    void read_tiles(Context& context) {
        if (page_.tile_height == 0) tiff_.refuse("its tiles have no size");
        const std::int64_t bytes = packed_bytes(page_.tile_width) * page_.tile_height;
        if (TIFFTileSize64(tiff_.get()) != static_cast<std::uint64_t>(bytes))
            tiff_.refuse("its tiles have another size than its samples need");
        std::vector<std::vector<std::byte>> tiles(tiffs_.size());
        for (auto& tile : tiles) tile.resize(bytes);
        const std::int64_t down = tiles_along(end_ - first_, page_.tile_height);
        const std::int64_t across = tiles_along(page_.width, page_.tile_width);
        parallel_for(context, planes() * down * across, [&](std::int64_t item, int thread) {
            const auto own = static_cast<std::size_t>(thread);
            read_tile(tiffs_[own], item / (down * across),
                      first_ + item / across % down * page_.tile_height,
                      item % across * page_.tile_width, tiles[own]);
        });
    }

private:
    static std::int64_t tiles_along(std::int64_t pixels, std::int64_t edge) {
        return (pixels + edge - 1) / edge;
    }

    void read_tile(const TiffHandle& tiff, std::int64_t sample, std::int64_t y, std::int64_t x,
                   std::span<std::byte> tile) const {
        const auto number =
            TIFFComputeTile(tiff.get(), static_cast<std::uint32_t>(x),
                            static_cast<std::uint32_t>(y), 0, static_cast<std::uint16_t>(sample));
        if (TIFFReadEncodedTile(tiff.get(), number, tile.data(), std::ssize(tile)) !=
            std::ssize(tile))
            tiff.refuse(fmt::format("the tile at row {}, column {} cannot be decoded", y, x));
        const auto rows = std::min<std::int64_t>(page_.tile_height, end_ - y);
        const auto count = std::min<std::int64_t>(page_.tile_width, page_.width - x);
        for (std::int64_t k = 0; k < rows; ++k)
            store(tile.data() + k * packed_bytes(page_.tile_width), y + k, x, count, sample);
    }

    /// Most codecs decode a strip from its begin or go on where they are, so that rows before the
    /// first one asked for may have to be decoded, too.
    std::int64_t first_decoded_row(std::int64_t sample) const {
        if (page_.compression == COMPRESSION_NONE) return first_;
        const auto strip = TIFFComputeStrip(tiff_.get(), static_cast<std::uint32_t>(first_),
                                            static_cast<std::uint16_t>(sample));
        const std::int64_t at = TIFFCurrentRow(tiff_.get());
        if (TIFFCurrentStrip(tiff_.get()) == strip && at <= first_) return at;
        const std::int64_t strip_rows =
            tiff_.tag<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, page_.height);
        return strip_rows < 1 ? first_ : first_ / strip_rows * strip_rows;
    }

    /// Copies `count` pixels decoded by libtiff to column x of row y; with planes apart, `sample`
    /// tells which one they are.
    void store(const std::byte* decoded, std::int64_t y, std::int64_t x, std::int64_t count,
               std::int64_t sample) const {
        const bool apart = planes() > 1;
        const std::int64_t bytes = layout_.bytes();
        std::byte* target =
            pixels_.data() +
            (((y - first_) * page_.width + x) * page_.samples + (apart ? sample : 0)) * bytes;
        const std::int64_t step = apart ? page_.samples : 1;
        const std::int64_t values = apart ? count : count * page_.samples;
        if (is_packed(page_.bits))
            unpack(decoded, layout_, values, target, step);
        else if (!apart)
            std::memcpy(target, decoded, static_cast<std::size_t>(values * bytes));
        else
            for (std::int64_t i = 0; i < values; ++i)
                std::memcpy(target + i * step * bytes, decoded + i * bytes,
                            static_cast<std::size_t>(bytes));
    }

    std::int64_t planes() const {
        return page_.planar == PLANARCONFIG_SEPARATE ? page_.samples : 1;
    }

    /// Bytes of `pixels` packed pixels of one plane.
    std::int64_t packed_bytes(std::int64_t pixels) const {
        return (pixels * page_.bits * (page_.samples / planes()) + 7) / 8;
    }

    std::span<const TiffHandle> tiffs_;  ///< one for each thread
    const TiffHandle& tiff_;
    const TiffDirectory& page_;
    const SampleLayout& layout_;
    std::int64_t first_, end_;  ///< rows of the page
    std::span<std::byte> pixels_;
};

}  // namespace

void decode_rows(Context& context, std::span<const TiffHandle> tiffs, const TiffDirectory& page,
                 const SampleLayout& layout, std::int64_t first, std::int64_t rows,
                 std::span<std::byte> pixels) {
    RowDecoder decoder(tiffs, page, layout, first, rows, pixels);
    if (page.tile_width > 0)
        decoder.read_tiles(context);
    else
        decoder.read_strips();
}

}  // namespace unet
