#include "unet/core/memory.h"

#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace unet {

void* allocate_array(std::size_t bytes) noexcept {
    constexpr std::size_t line = 64;
    const std::size_t lines = bytes == 0 ? 1 : (bytes + line - 1) / line;
    void* memory = std::aligned_alloc(line, lines * line);
    if (memory) use_huge_pages(memory, bytes);
    return memory;
}

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

}  // namespace unet
