#include "unet/core/system/memory.h"

#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace unet::system {
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

void* allocate_aligned(std::size_t alignment, std::size_t bytes) noexcept {
    return std::aligned_alloc(alignment, bytes);
}

void free_aligned(void* memory) noexcept { std::free(memory); }

void use_huge_pages(void* memory, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
    // Only those that lie inside as a whole, so that not more becomes resident than was asked for.
    constexpr std::uintptr_t huge_page = 1 << 21;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    const std::uintptr_t first = (address + huge_page - 1) / huge_page * huge_page;
    const std::uintptr_t last = (address + bytes) / huge_page * huge_page;
    // A hint: what it returns changes nothing.
    if (first < last)
        madvise(static_cast<std::byte*>(memory) + (first - address), last - first, MADV_HUGEPAGE);
#else
    static_cast<void>(memory);
    static_cast<void>(bytes);
#endif
}

void give_back_freed_memory() noexcept {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
#endif
}

std::int64_t physical_memory() noexcept {
    return std::max(std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE),
                    std::int64_t{0});
}

std::int64_t available_memory() {
    // In a container the files of its own group stand here.
    const std::int64_t limit = number_in("/sys/fs/cgroup/memory.max", unknown_memory);
    const std::int64_t used = number_in("/sys/fs/cgroup/memory.current", 0);
    const std::int64_t free = kibibytes_of("/proc/meminfo", "MemAvailable:", unknown_memory);
    return std::min(free, std::max<std::int64_t>(limit - used, 0));
}

std::int64_t resident_memory() { return kibibytes_of("/proc/self/status", "VmRSS:", 0); }

std::int64_t peak_resident_memory() { return kibibytes_of("/proc/self/status", "VmHWM:", 0); }

}  // namespace unet::system
