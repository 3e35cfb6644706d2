#pragma once

#include "unet/image/format.h"

namespace unet {

extern const Format png_format;

/// As Format::open.
std::unique_ptr<StoredFile> open_png(const std::filesystem::path& path);

}  // namespace unet
