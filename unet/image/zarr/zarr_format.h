#pragma once

#include "unet/image/format.h"

namespace unet {

extern const Format zarr_format;

/// As Format::open.
std::unique_ptr<StoredFile> open_zarr(const std::filesystem::path& path);

}  // namespace unet
