#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "unet/core/files/file.h"
#include "unet/core/image.h"
#include "unet/image/stored.h"

namespace unet {

/// A TIFF to be written: pages of one size, rows of interleaved samples.
struct TiffPages {
    std::int64_t pages = 1, height = 0, width = 0;
    int samples = 1;  ///< 1 grey, 3 red, green, blue
    int bits = 8;
    NumberKind kind = NumberKind::unsigned_integer;
    Spacing spacing;  ///< height and width; written where known
    /// 256 red, 256 green, 256 blue for ImageJ's display of the first to the last displayed value,
    /// in the tag that ImageJ uses for it; other programs expect one colour per stored value there,
    /// find another count and leave it. Empty: not written.
    std::vector<std::uint16_t> colour_map;
};

/// Writes little-endian, uncompressed, one strip a page, the strips of all pages one after another
/// without a gap: ImageJ reads a stack as one block behind the first page's offset, which is why
/// this is not libtiff, whose directories stand between the pages. BigTIFF above 4 GB.
/// Pixels come in any order, a part of a row or more at a time; nothing is kept in memory.
class TiffWriter {
public:
    /// Throws Error(unsupported) for sizes that TIFF cannot hold, and Error(io).
    TiffWriter(const std::filesystem::path& path, TiffPages pages);

    /// Bytes of interleaved little-endian samples from pixel (y, x) of a page on; they may go on
    /// into the next rows. What is never written is 0. Throws Error(io).
    void write(std::int64_t page, std::int64_t y, std::int64_t x, std::span<const std::byte> bytes);
    /// Writes the directories, with `description` for the first page, and gives the file its name.
    /// Without it nothing is left behind. Throws Error(io).
    void finish(const std::string& description);

    const TiffPages& pages() const noexcept { return pages_; }

private:
    std::int64_t offset_of(std::int64_t page) const;

    TiffPages pages_;
    std::int64_t page_bytes_;
    bool big_;
    AtomicFile file_;
};

}  // namespace unet
