#include "unet/core/system/processors.h"

#include <sched.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <fstream>

namespace unet::system {

int processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return std::max(1, CPU_COUNT(&set));
}

std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

bool may_use_tiles() noexcept {
#if defined(__linux__) && defined(__x86_64__)
    // Of <asm/prctl.h>, which older systems have without it, and the number of the tiles' data
    // among the states of a processor.
    constexpr long arch_req_xcomp_perm = 0x1023, tile_data = 18;
    static const bool granted = syscall(SYS_arch_prctl, arch_req_xcomp_perm, tile_data) == 0;
    return granted;
#else
    return false;
#endif
}

}  // namespace unet::system
