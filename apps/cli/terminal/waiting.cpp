#include "terminal/waiting.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace unet::cli {

void wait_asleep(char** arguments) {
    // Long enough for the loops of one step, which follow within microseconds; docs/performance.md.
    constexpr const char* spins = "1000";
    if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error || setenv("GOMP_SPINCOUNT", spins, 0) != 0) return;
    execv(program.c_str(), arguments);
}

}  // namespace unet::cli
