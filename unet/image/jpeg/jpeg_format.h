#pragma once

#include "unet/image/format.h"

namespace unet {

extern const Format jpeg_format;

}  // namespace unet
