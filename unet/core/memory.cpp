#include "unet/core/memory.h"

namespace unet {

void* allocate_array(std::size_t bytes) noexcept {
    constexpr std::size_t line = 64;
    const std::size_t lines = bytes == 0 ? 1 : (bytes + line - 1) / line;
    void* memory = system::allocate_aligned(line, lines * line);
    if (memory) system::use_huge_pages(memory, bytes);
    return memory;
}

}  // namespace unet
