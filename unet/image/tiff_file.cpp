#include <algorithm>
#include <charconv>
#include <cstring>

#include "unet/core/error.h"
#include "unet/image/page_order.h"
#include "unet/image/stored.h"
#include "unet/image/tiff_directory.h"
#include "unet/image/tiff_handle.h"

namespace unet {
namespace {

/// `count` samples of 1, 2 or 4 bits, first in the high bits, to one byte each, `step` bytes apart.
void unpack_bits(const std::byte* packed, int bits, std::int64_t count, std::byte* target,
                 std::int64_t step) {
    const int per_byte = 8 / bits, mask = (1 << bits) - 1;
    for (std::int64_t i = 0; i < count; ++i) {
        const int shift = 8 - bits * (1 + static_cast<int>(i % per_byte));
        target[i * step] =
            static_cast<std::byte>((std::to_integer<int>(packed[i / per_byte]) >> shift) & mask);
    }
}

/// The nearest number with six significant decimal digits.
double six_digits(double value) {
    const std::string text = fmt::format("{:.6g}", value);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// No table that a readable file of this size needs is larger.
std::int64_t largest_allocation(std::int64_t file_bytes) {
    constexpr std::int64_t least = std::int64_t{1} << 26;
    return std::max(least, file_bytes * 4);
}

class TiffFile final : public StoredFile {
public:
    explicit TiffFile(const std::filesystem::path& path)
        : path_(path),
          file_bytes_(static_cast<std::int64_t>(std::filesystem::file_size(path))),
          tiff_(path, largest_allocation(file_bytes_)),
          pages_(read_directories(tiff_, path)) {
        select(pages_.front());
        describe();
    }

    void read_page(std::int64_t slice, std::int64_t channel_page,
                   std::span<std::byte> pixels) override {
        const auto number = order_.page(slice, channel_page);
        const auto& page = pages_[static_cast<std::size_t>(number)];
        select(page);
        if (page.tiled)
            read_tiles(page, pixels);
        else
            read_strips(page, pixels);
    }

private:
    void select(const TiffDirectory& page) {
        if (TIFFCurrentDirOffset(tiff_.get()) != page.offset &&
            TIFFSetSubDirectory(tiff_.get(), page.offset) == 0)
            tiff_.refuse("a directory cannot be read again");
    }

    void describe() {
        const TiffDirectory& first = pages_.front();
        info_.format = TIFFIsBigTIFF(tiff_.get()) != 0 ? "BigTIFF" : "TIFF";
        info_.compression = compression_name(first.compression);
        info_.file_bytes = file_bytes_;
        info_.rgb =
            first.photometric == PHOTOMETRIC_RGB || first.photometric == PHOTOMETRIC_PALETTE;
        info_.palette = first.photometric == PHOTOMETRIC_PALETTE;
        info_.white_is_zero = first.photometric == PHOTOMETRIC_MINISWHITE;
        layout_.kind = first.sample_format == SAMPLEFORMAT_IEEEFP ? NumberKind::floating
                       : first.sample_format == SAMPLEFORMAT_INT  ? NumberKind::signed_integer
                                                                  : NumberKind::unsigned_integer;
        layout_.bits = first.bits;
        layout_.samples = first.samples;
        layout_.kept = first.samples - (first.transparency ? 1 : 0);
        std::int64_t expansion = 1;
        for (const auto& page : pages_)
            expansion = std::max(expansion, largest_expansion(page.compression));
        check_claimed_size(path_, first.height, first.width, first.bits * layout_.samples,
                           static_cast<std::int64_t>(pages_.size()), file_bytes_, expansion);
        const char* text = nullptr;
        TIFFGetField(tiff_.get(), TIFFTAG_IMAGEDESCRIPTION, &text);
        const auto description =
            parse_description(text != nullptr ? text : "", static_cast<std::int64_t>(pages_.size()),
                              layout_.samples, path_.string());
        order_ = description.order;
        channel_pages_ = order_.channels;
        info_.size = {order_.slices, first.height, first.width};
        info_.spacing = spacing_of(description);
        if (info_.palette) read_palette(first.bits);
        complete_info(info_, layout_, channel_pages_);
    }

    Spacing spacing_of(const Description& description) const {
        Spacing spacing = description.spacing;
        if (spacing.known()) return spacing;
        const double along_x = tiff_.tag<float>(TIFFTAG_XRESOLUTION, 0.0f);
        const double along_y = tiff_.tag<float>(TIFFTAG_YRESOLUTION, 0.0f);
        const auto unit = tiff_.tag<std::uint16_t>(TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
        double width = 0.0, height = 0.0;
        if (!description.unit.empty()) {
            spacing.unit = description.unit;
            width = along_x > 0.0 ? 1.0 / along_x : 0.0;
            height = along_y > 0.0 ? 1.0 / along_y : 0.0;
        } else if (unit == RESUNIT_INCH || unit == RESUNIT_CENTIMETER) {
            const double per_metre = unit == RESUNIT_INCH ? 1.0 / 0.0254 : 100.0;
            spacing.unit = "um";
            width = micrometres_of(along_x * per_metre);
            height = micrometres_of(along_y * per_metre);
        }
        if (!(width > 0.0 && height > 0.0)) return {{spacing.size[0], 0.0, 0.0}, ""};
        // ImageJ stores pixels per unit with six decimals, libtiff gives them as float32: further
        // digits of the reciprocal are noise (0.325 would come back as 0.32500000812).
        spacing.size[1] = six_digits(height);
        spacing.size[2] = six_digits(width);
        return spacing;
    }

    void read_palette(int bits) {
        std::uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
        if (TIFFGetField(tiff_.get(), TIFFTAG_COLORMAP, &red, &green, &blue) != 1)
            tiff_.refuse("its colour table is missing");
        const std::size_t count = std::size_t{1} << bits;
        // The standard scales colours to 16 bits; some old programs did not.
        bool wide = false;
        for (std::size_t i = 0; i < count; ++i)
            wide = wide || red[i] > 255 || green[i] > 255 || blue[i] > 255;
        const int shift = wide ? 8 : 0;
        for (std::size_t i = 0; i < count; ++i)
            palette_.push_back({static_cast<std::uint8_t>(red[i] >> shift),
                                static_cast<std::uint8_t>(green[i] >> shift),
                                static_cast<std::uint8_t>(blue[i] >> shift)});
    }

    /// Copies `count` pixels decoded by libtiff to column x of row y; with planes apart, `sample`
    /// tells which one they are.
    void store(const TiffDirectory& page, const std::byte* decoded, std::int64_t y, std::int64_t x,
               std::int64_t count, std::int64_t sample, std::span<std::byte> pixels) const {
        const bool apart = page.planar == PLANARCONFIG_SEPARATE && page.samples > 1;
        const std::int64_t bytes = layout_.bytes();
        std::byte* target =
            pixels.data() + ((y * page.width + x) * page.samples + (apart ? sample : 0)) * bytes;
        const std::int64_t step = apart ? page.samples : 1;
        const std::int64_t values = apart ? count : count * page.samples;
        if (page.bits < 8)
            unpack_bits(decoded, page.bits, values, target, step);
        else if (!apart)
            std::memcpy(target, decoded, static_cast<std::size_t>(values * bytes));
        else
            for (std::int64_t i = 0; i < values; ++i)
                std::memcpy(target + i * step * bytes, decoded + i * bytes,
                            static_cast<std::size_t>(bytes));
    }

    static std::int64_t planes(const TiffDirectory& page) {
        return page.planar == PLANARCONFIG_SEPARATE ? page.samples : 1;
    }

    /// Bytes of `pixels` packed pixels of one plane.
    static std::int64_t packed_bytes(const TiffDirectory& page, std::int64_t pixels) {
        return (pixels * page.bits * (page.samples / planes(page)) + 7) / 8;
    }

    void read_strips(const TiffDirectory& page, std::span<std::byte> pixels) {
        const std::int64_t line = TIFFScanlineSize64(tiff_.get()) > 0
                                      ? static_cast<std::int64_t>(TIFFScanlineSize64(tiff_.get()))
                                      : 0;
        if (line < packed_bytes(page, page.width)) tiff_.refuse("its rows have no size");
        std::vector<std::byte> row(static_cast<std::size_t>(line));
        for (std::int64_t sample = 0; sample < planes(page); ++sample)
            for (std::uint32_t y = 0; y < page.height; ++y) {
                if (TIFFReadScanline(tiff_.get(), row.data(), y,
                                     static_cast<std::uint16_t>(sample)) != 1)
                    tiff_.refuse(fmt::format("row {} cannot be decoded", y));
                store(page, row.data(), y, 0, page.width, sample, pixels);
            }
    }

    void read_tiles(const TiffDirectory& page, std::span<std::byte> pixels) {
        const std::int64_t tile_width = tiff_.tag<std::uint32_t>(TIFFTAG_TILEWIDTH, 0);
        const std::int64_t tile_height = tiff_.tag<std::uint32_t>(TIFFTAG_TILELENGTH, 0);
        if (tile_width == 0 || tile_height == 0) tiff_.refuse("its tiles have no size");
        check_claimed_size(path_, tile_height, tile_width, page.bits * page.samples, 1, file_bytes_,
                           largest_expansion(page.compression));
        const std::int64_t line = packed_bytes(page, tile_width), bytes = line * tile_height;
        if (TIFFTileSize64(tiff_.get()) != static_cast<std::uint64_t>(bytes))
            tiff_.refuse("its tiles have another size than its samples need");
        std::vector<std::byte> tile(static_cast<std::size_t>(bytes));
        for (std::int64_t sample = 0; sample < planes(page); ++sample)
            for (std::int64_t y = 0; y < page.height; y += tile_height)
                for (std::int64_t x = 0; x < page.width; x += tile_width) {
                    const auto number = TIFFComputeTile(tiff_.get(), static_cast<std::uint32_t>(x),
                                                        static_cast<std::uint32_t>(y), 0,
                                                        static_cast<std::uint16_t>(sample));
                    if (TIFFReadEncodedTile(tiff_.get(), number, tile.data(), bytes) != bytes)
                        tiff_.refuse(
                            fmt::format("the tile at row {}, column {} cannot be decoded", y, x));
                    const auto rows = std::min<std::int64_t>(tile_height, page.height - y);
                    const auto count = std::min<std::int64_t>(tile_width, page.width - x);
                    for (std::int64_t k = 0; k < rows; ++k)
                        store(page, tile.data() + k * line, y + k, x, count, sample, pixels);
                }
    }

    std::filesystem::path path_;
    std::int64_t file_bytes_;
    TiffHandle tiff_;
    std::vector<TiffDirectory> pages_;
    PageOrder order_;
};

}  // namespace

std::unique_ptr<StoredFile> open_tiff(const std::filesystem::path& path) {
    return std::make_unique<TiffFile>(path);
}

}  // namespace unet
