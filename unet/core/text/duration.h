#pragma once

#include <string>

namespace unet {

/// "7 s", "3 min 20 s", "2 h 05 min".
std::string duration_text(double seconds);

}  // namespace unet
