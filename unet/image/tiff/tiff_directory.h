#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "unet/image/stored.h"
#include "unet/image/tiff/tiff_handle.h"

namespace unet {

/// What one directory of a TIFF says about its page.
struct TiffDirectory {
    std::uint64_t offset = 0;  ///< where the directory stands in the file
    std::int64_t number = 0;   ///< in the chain
    std::uint32_t height = 0, width = 0, image_depth = 1;
    std::uint16_t bits = 1, samples = 1, sample_format = SAMPLEFORMAT_UINT;
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK, planar = PLANARCONFIG_CONTIG;
    std::uint16_t compression = COMPRESSION_NONE;
    bool transparency = false;                      ///< the last sample is alpha
    std::uint32_t tile_height = 0, tile_width = 0;  ///< 0: strips
    bool reduced = false;          ///< a thumbnail, a pyramid level or a mask, not a page
    std::uint64_t pixels_end = 0;  ///< where the last of its strips or tiles ends in the file
    int orientation = 1;           ///< ImageInfo::orientation
    bool ycbcr = false;            ///< JPEG's colours, which libtiff turns into red, green, blue

    /// Whether both can be slices of one stack.
    bool same_kind(const TiffDirectory& other) const noexcept {
        return height == other.height && width == other.width && bits == other.bits &&
               samples == other.samples && sample_format == other.sample_format &&
               photometric == other.photometric && transparency == other.transparency &&
               orientation == other.orientation;
    }
};

/// What the directory says at which `tiff` stands.
TiffDirectory describe_directory(const TiffHandle& tiff);

/// All directories of the chain in order, thumbnails and masks too; levels of a pyramid in
/// SubIFDs do not belong to it. Throws Error(corrupt_file) for a broken or circular chain.
std::vector<TiffDirectory> read_directories(const TiffHandle& tiff);

/// Throws Error(unsupported) for a page that read_image does not read or that differs from the
/// first in size or kind.
void check_pages(const std::vector<TiffDirectory>& pages, const std::filesystem::path& path);

/// Throws Error(corrupt_file) for a page whose pixels end behind the file.
void check_pixels_end(const std::vector<TiffDirectory>& pages, const std::filesystem::path& path,
                      std::int64_t file_bytes);

/// "none", "lzw", "deflate", "packbits", "zstd", "lzma", "jpeg"; nullptr for what read_image does
/// not read.
const char* compression_name(std::uint16_t compression);
/// How many bytes one stored byte can become at most.
std::int64_t largest_expansion(std::uint16_t compression);

}  // namespace unet
