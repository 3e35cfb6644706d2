#pragma once

#include "unet/image/format.h"

namespace unet {

extern const Format nifti_format;

/// As Format::open.
std::unique_ptr<StoredFile> open_nifti(const std::filesystem::path& path);

}  // namespace unet
