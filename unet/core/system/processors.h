#pragma once

#include <string>

namespace unet::system {

/// Number of processors that this process may run on (its affinity mask), at least 1.
int processors();

/// The processor as the system names it; "unknown" where it does not say.
std::string processor_name();

/// Asks the system, once for the whole process, for the large registers of AMX; false where the
/// processor or the system has none.
bool may_use_tiles() noexcept;

/// Some tens of cycles in which the other thread of the core has all of it: for loops that wait.
inline void pause_processor() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("isb");  // "yield" takes no time
#endif
}

}  // namespace unet::system
