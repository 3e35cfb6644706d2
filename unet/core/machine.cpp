#include "unet/core/machine.h"

#include <algorithm>
#include <fstream>
#include <string_view>

namespace unet {
namespace {

constexpr std::int64_t unknown_memory = std::int64_t{1} << 40;

/// What stands behind `key` in a file of lines "Key:  123 kB"; `otherwise` where it does not.
std::int64_t kibibytes_of(const char* path, std::string_view key, std::int64_t otherwise) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key)) return std::stoll(line.substr(key.size())) * 1024;
    return otherwise;
}

/// A file that holds one number; `otherwise` where there is none ("max").
std::int64_t number_in(const char* path, std::int64_t otherwise) {
    std::int64_t number = 0;
    return std::ifstream(path) >> number ? number : otherwise;
}

}  // namespace

const char* version() { return UNET_VERSION; }

std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

std::int64_t available_memory() {
    // In a container the files of its own group stand here.
    const std::int64_t limit = number_in("/sys/fs/cgroup/memory.max", unknown_memory);
    const std::int64_t used = number_in("/sys/fs/cgroup/memory.current", 0);
    const std::int64_t free = kibibytes_of("/proc/meminfo", "MemAvailable:", unknown_memory);
    return std::min(free, std::max<std::int64_t>(limit - used, 0));
}

std::int64_t resident_memory() { return kibibytes_of("/proc/self/status", "VmRSS:", 0); }

}  // namespace unet
