#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "unet/image/palette.h"
#include "unet/image/read.h"

// Behind read_image and read_labels: one decoder per file format, all giving stored samples.

namespace unet {

enum class NumberKind { unsigned_integer, signed_integer, floating };

/// How the samples of a page lie in memory once decoded.
struct SampleLayout {
    NumberKind kind = NumberKind::unsigned_integer;
    int bits = 8;              ///< in the file; fewer than 8 are decoded to one byte each
    std::int64_t samples = 1;  ///< per pixel, interleaved
    std::int64_t kept = 1;     ///< the first so many are values, the rest is transparency

    std::int64_t bytes() const noexcept { return bits < 8 ? 1 : bits / 8; }
};

/// An open image file.
class StoredFile {
public:
    virtual ~StoredFile() = default;
    const ImageInfo& info() const noexcept { return info_; }
    const SampleLayout& layout() const noexcept { return layout_; }
    const std::vector<Colour>& palette() const noexcept { return palette_; }
    /// Pages per slice that the file calls channels.
    std::int64_t channel_pages() const noexcept { return channel_pages_; }
    std::int64_t page_bytes() const noexcept {
        return info_.size.height * info_.size.width * layout_.samples * layout_.bytes();
    }
    /// Decodes one page into page_bytes() bytes: rows, pixels, samples, in native byte order.
    virtual void read_page(std::int64_t slice, std::int64_t channel_page,
                           std::span<std::byte> pixels) = 0;

protected:
    ImageInfo info_;
    SampleLayout layout_;
    std::vector<Colour> palette_;
    std::int64_t channel_pages_ = 1;
};

std::unique_ptr<StoredFile> open_png(const std::filesystem::path& path);
std::unique_ptr<StoredFile> open_tiff(const std::filesystem::path& path);

/// The check against files that claim absurd sizes, made before anything is allocated: `height` x
/// `width` pixels of `bits_per_pixel` on `pages` pages must be possible for `file_bytes` bytes,
/// each of which can unpack to at most `expansion`. Throws Error(corrupt_file).
void check_claimed_size(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::int64_t bits_per_pixel, std::int64_t pages, std::int64_t file_bytes,
                        std::int64_t expansion);

/// Type, pixel size and channels of an info whose other members are set.
void complete_info(ImageInfo& info, const SampleLayout& layout, std::int64_t channel_pages);

/// Metres per pixel to micrometres, unless the number is a printer's round resolution (72, 300, ...
/// dots per inch), which programs write without meaning a physical size: then 0.
double micrometres_of(double pixels_per_metre);

}  // namespace unet
