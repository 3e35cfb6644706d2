#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "unet/core/image.h"
#include "unet/image/pages.h"

namespace unet {

/// True for the names of files that read_image reads: .png, .tif, .tiff in any case. The content
/// decides how a file is read, whatever its name.
bool is_image_file(const std::filesystem::path& path);

/// True for a file that begins as a JPEG does, whatever its name; false if it cannot be read.
bool is_jpeg_file(const std::filesystem::path& path);

/// What a file says about itself, before a pixel is decoded.
struct ImageInfo {
    std::string format;         ///< "PNG", "TIFF", "BigTIFF"
    std::string compression;    ///< "none", "deflate", "lzw", ...
    Size3 size;                 ///< depth = slices
    std::int64_t channels = 1;  ///< as read_image gives them, unless red = green = blue everywhere
    std::int64_t pages = 1;  ///< directories of the file that hold pixels: slices x channel pages
    SampleType type = SampleType::u8;
    int bits = 8;  ///< of one stored sample: 1, 2, 4, 8, 16, 32, 64
    bool rgb = false;
    bool palette = false;        ///< stored values are indices of a colour table
    bool alpha = false;          ///< a transparency channel, which reading drops
    bool white_is_zero = false;  ///< the file shows 0 as white
    Spacing spacing;
    std::int64_t file_bytes = 0;
};

/// Reads the description only. Errors as read_image.
ImageInfo read_image_info(const std::filesystem::path& path);

/// Reads a PNG (1 to 16 bit; grey, RGB, palette, with or without transparency) or a TIFF (1 to 64
/// bit integers, 16 to 64 bit floats; strips or tiles; planar or interleaved; LZW, deflate,
/// PackBits, zstd; several pages; BigTIFF).
///
/// Values are those stored: a 4-bit file gives 0..15. Exceptions, because they are how the file
/// says it wants to be seen: a colour table is expanded to red, green, blue; white-is-zero is
/// turned over (largest value - v); transparency is dropped. Three colours that are equal in every
/// pixel become one grey channel. Samples wider than float32 are rounded to it.
///
/// Pages become slices (depth), unless the file calls them channels: ImageJ `channels=`, OME
/// `SizeC`, or axes with a C as tifffile writes them. Slices of other axes (time) follow each
/// other. `pages` picks slices.
///
/// Throws Error: io (unreadable), unsupported (JPEG, other formats, exotic samples; says what to
/// convert to), corrupt_file (truncated, contradictory, or claiming more pixels than its bytes can
/// hold), memory, invalid_argument (`pages` beyond the end). Nothing is printed.
Image read_image(const std::filesystem::path& path, const std::optional<PageRange>& pages = {});

/// Reads labels from the same formats: the stored value of each pixel, never a colour. A colour
/// table is ignored (the index is the label), and so is white-is-zero: Fiji's inverting table only
/// changes how a mask looks. Red = green = blue everywhere is read as that one value, floats are
/// read where all are whole. LabelMap::storage says which of these it was.
///
/// Throws Error as read_image, and Error(unsupported) for what cannot be labels: other RGB (the
/// message counts the colours found and says what to do), several channels, JPEG, values that are
/// negative, not integers or above 2^32 - 1.
LabelMap read_labels(const std::filesystem::path& path, const std::optional<PageRange>& pages = {});

}  // namespace unet
