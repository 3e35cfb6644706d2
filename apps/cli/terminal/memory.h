#pragma once

#include <cstdint>
#include <string>

namespace unet::cli {

/// "512MB", "1.5 GB", "800MiB" in bytes; `where` begins the message. Throws UsageError.
std::int64_t parse_bytes(const std::string& text, const std::string& where);

}  // namespace unet::cli
