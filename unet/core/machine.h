#pragma once

#include <string>

namespace unet {

/// Version of the library: "0.1.0".
const char* version();

/// The processor as the system names it; "unknown" where it does not say.
std::string processor_name();

}  // namespace unet
