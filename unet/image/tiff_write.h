#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/image/stored.h"

namespace unet {

/// A TIFF to be written: pages of one size, rows of interleaved samples.
struct TiffPages {
    std::int64_t pages = 1, height = 0, width = 0;
    int samples = 1;  ///< 1 grey, 3 red, green, blue
    int bits = 8;
    NumberKind kind = NumberKind::unsigned_integer;
    std::string description;  ///< of the first page
    Spacing spacing;          ///< height and width; written where known
    /// 256 red, 256 green, 256 blue for ImageJ's display of the first to the last displayed value,
    /// in the tag that ImageJ uses for it; other programs expect one colour per stored value there,
    /// find another count and leave it. Empty: not written.
    std::vector<std::uint16_t> colour_map;
};

/// Tag Software of what write_tiff writes. Other programs put their own name there, or nothing.
inline constexpr const char* tiff_software = "unet.cpp";

/// Writes little-endian, uncompressed, one strip a page, the strips of all pages one after another
/// without a gap: ImageJ reads a stack as one block behind the first page's offset, which is why
/// this is not libtiff, whose directories stand between the pages. BigTIFF above 4 GB.
/// `fill` gives one page's bytes (little-endian) and is called in order. Throws Error(io) and what
/// `fill` throws; the file then is as it was.
void write_tiff(const std::filesystem::path& path, const TiffPages& pages,
                const std::function<void(std::int64_t page, std::span<std::byte> bytes)>& fill);

}  // namespace unet
