#pragma once

namespace unet {

/// Version of the library: "0.1.0".
const char* version();

}  // namespace unet
