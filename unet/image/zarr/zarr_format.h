#pragma once

#include "unet/image/format.h"

namespace unet {

extern const Format zarr_format;

}  // namespace unet
