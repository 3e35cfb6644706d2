#pragma once

#include <cstdint>
#include <string>

namespace unet {

/// "812 B", "3.4 MB", "1.20 GB" (powers of 1000).
std::string bytes_text(double bytes);

/// "512MB", "1.5 GB", "800MiB" in bytes. Throws Error(invalid_argument) that names the setting.
std::int64_t parse_bytes(const std::string& text, const std::string& setting);

}  // namespace unet
