#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "unet/image/contents/pixel_size.h"
#include "unet/image/page_order.h"
#include "unet/image/read.h"
#include "unet/pixels/palette.h"

// Behind read_image and read_labels: one decoder per file format, all giving stored samples.

namespace unet {

enum class NumberKind { unsigned_integer, signed_integer, floating };

/// How the samples of a page lie in memory once decoded.
struct SampleLayout {
    NumberKind kind = NumberKind::unsigned_integer;
    int bits = 8;              ///< in the file; 12 are decoded to two bytes, and so on
    std::int64_t samples = 1;  ///< per pixel, interleaved
    std::int64_t kept = 1;     ///< the first so many are values, the rest is transparency

    bool colours = false;  ///< the first three are red, green, blue
    /// A value is stored x slope + intercept; 1 and 0: as stored.
    double slope = 1.0, intercept = 0.0;

    bool scaled() const noexcept { return slope != 1.0 || intercept != 0.0; }

    std::int64_t bytes() const noexcept {
        return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
    }
};

/// An open image file.
class StoredFile {
public:
    virtual ~StoredFile() = default;
    const ImageInfo& info() const noexcept { return info_; }
    const SampleLayout& layout() const noexcept { return layout_; }
    const std::vector<Colour>& palette() const noexcept { return palette_; }
    const PageOrder& order() const noexcept { return order_; }
    /// Channels of one page.
    std::int64_t channels_per_page() const noexcept { return info_.palette ? 3 : layout_.kept; }
    std::int64_t page_bytes() const noexcept {
        return info_.size.height * info_.size.width * layout_.samples * layout_.bytes();
    }
    /// Decodes a page, counted as order() does, into page_bytes() bytes: rows, pixels, samples, in
    /// native byte order. Fastest in the order of the file.
    virtual void read_page(std::int64_t page, std::span<std::byte> pixels) = 0;
    /// Rows are decoded so many at a time: read_rows() begins at a multiple of it and ends at one
    /// or at the last row. Formats that only know whole pages leave it at the height.
    virtual std::int64_t row_step() const { return info_.size.height; }
    /// Decodes `rows` rows of a page from row `first` on. Fastest from top to bottom.
    virtual void read_rows(std::int64_t page, std::int64_t first, std::int64_t rows,
                           std::span<std::byte> pixels);
    /// Bytes that the decoder itself holds while rows are read.
    virtual std::int64_t decoder_bytes() const { return 0; }
    /// Rows may be decoded on so many threads from now on (0: all); a format that uses one ignores
    /// it.
    virtual void use_threads(int threads) { static_cast<void>(threads); }
    /// Pixels are taken for what is stored and not for what is shown: indices of a colour table,
    /// white-is-zero not turned over.
    void take_as_stored();
    /// Samples that the file calls transparency become the last channel.
    void take_transparency();
    /// The same but for the colour table of a PNG: ReadOptions::as_stored.
    void take_stored_values();
    /// Values become those that the file's calibration makes of stored ones.
    void take_calibrated();
    /// The pages mean something else than the file says (reordered()).
    void set_axes(std::string_view axes, std::string_view where);

protected:
    /// Sets what follows from layout, height, width and colours of a file whose pages are `order`
    /// because of `source`.
    void complete(const PageOrder& order, std::string_view source);
    /// Sets what a file of this layout says of ImageJ's calibration, which ImageJ has for grey
    /// values of 8 and 16 bits.
    void set_calibration(const Calibration& calibration);

    ImageInfo info_;
    SampleLayout layout_;
    std::vector<Colour> palette_;

private:
    PageOrder order_;
};

/// Any file, by its content; series, axes and whether transparency is a channel as `options` say.
/// Throws as read_image.
std::unique_ptr<StoredFile> open_stored(const std::filesystem::path& path,
                                        const ReadOptions& options = {},
                                        FileUse use = FileUse::image);

/// Whether transparency that is left out says anything: not where it is opaque everywhere.
class Transparency {
public:
    /// Decoded pixels of the file.
    void look_at(const StoredFile& file, std::span<const std::byte> pixels);
    bool differs() const noexcept { return differs_; }

private:
    static bool is_opaque(const SampleLayout& layout, std::span<const std::byte> pixel);

    std::vector<std::byte> first_;
    bool differs_ = false;
};

/// A colour table that says how numbers are shown, as ImageJ writes into TIFF; not what colours an
/// image has, as in PNG.
bool only_shows(const ImageInfo& info);
/// The pages of one slice that hold `channels`, each once, in order.
std::vector<std::int64_t> channel_pages_of(const StoredFile& file,
                                           const std::vector<std::int64_t>& channels);

/// The check against files that claim absurd sizes, made before anything is allocated: `height` x
/// `width` pixels of `bits_per_pixel` on `pages` pages must be possible for `file_bytes` bytes,
/// each of which can unpack to at most `expansion`. Throws Error(corrupt_file).
void check_claimed_size(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::int64_t bits_per_pixel, std::int64_t pages, std::int64_t file_bytes,
                        std::int64_t expansion);

/// Turns the bytes of every `width` of them over: from the other byte order to the machine's.
void swap_bytes(std::span<std::byte> values, std::int64_t width);

}  // namespace unet
