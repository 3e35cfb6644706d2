#pragma once

#include <cstdint>
#include <string>

namespace unet {

/// Version of the library: "0.1.0".
const char* version();

/// The processor as the system names it; "unknown" where it does not say.
std::string processor_name();

/// Bytes that this process could still get without swapping: what the machine has free, or what is
/// left of its container's limit (cgroup v2). A large number where the system does not say.
std::int64_t available_memory();

/// Bytes that this process holds in memory now; 0 where the system does not say.
std::int64_t resident_memory();

}  // namespace unet
