#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "unet/image/stored.h"
#include "unet/image/tiff_directory.h"
#include "unet/image/tiff_handle.h"

namespace unet {

/// Decodes `rows` rows from row `first` on of the directory that `tiff` stands at into rows,
/// pixels, samples of `layout.bytes()` each. Of a tiled page `first` is a multiple of the tiles'
/// height, and `first + rows`, too, or the end. Throws Error(corrupt_file).
void decode_rows(const TiffHandle& tiff, const TiffDirectory& page, const SampleLayout& layout,
                 std::int64_t first, std::int64_t rows, std::span<std::byte> pixels);

}  // namespace unet
