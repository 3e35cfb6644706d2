#include "unet/core/machine.h"

namespace unet {

const char* version() { return UNET_VERSION; }

}  // namespace unet
