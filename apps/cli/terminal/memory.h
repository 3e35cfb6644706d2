#pragma once

#include <cstdint>
#include <string>

namespace unet::cli {

/// "512MB", "1.5 GB", "800MiB" in bytes; `where` begins the message. Throws UsageError.
std::int64_t parse_bytes(const std::string& text, const std::string& where);

/// What this process held in memory at most so far; 0 where the system does not say.
std::int64_t peak_resident_bytes();
/// All memory of this machine.
std::int64_t physical_bytes();

}  // namespace unet::cli
