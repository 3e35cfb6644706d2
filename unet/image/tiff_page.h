#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "unet/image/stored.h"
#include "unet/image/tiff_directory.h"
#include "unet/image/tiff_handle.h"

namespace unet {

/// Decodes the page of the directory that `tiff` stands at into rows, pixels, samples of
/// `layout.bytes()` each. Throws Error(corrupt_file).
void decode_page(const TiffHandle& tiff, const TiffDirectory& page, const SampleLayout& layout,
                 std::span<std::byte> pixels);

}  // namespace unet
