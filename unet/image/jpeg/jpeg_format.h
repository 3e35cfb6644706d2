#pragma once

#include "unet/image/format.h"

namespace unet {

extern const Format jpeg_format;

/// As Format::open.
std::unique_ptr<StoredFile> open_jpeg(const std::filesystem::path& path);

}  // namespace unet
