#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "unet/core/context.h"
#include "unet/image/stored.h"
#include "unet/image/tiff/tiff_directory.h"
#include "unet/image/tiff/tiff_handle.h"

namespace unet {

/// Decodes `rows` rows from row `first` on of the directory that all `tiffs` stand at, one for each
/// thread of `context`, into rows, pixels, samples of `layout.bytes()` each. Of a tiled page
/// `first` is a multiple of the tiles' height, and `first + rows`, too, or the end; tiles are
/// decoded on all threads, strips on one. Throws Error(corrupt_file).
void decode_rows(Context& context, std::span<const TiffHandle> tiffs, const TiffDirectory& page,
                 const SampleLayout& layout, std::int64_t first, std::int64_t rows,
                 std::span<std::byte> pixels);

}  // namespace unet
