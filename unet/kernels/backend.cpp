#include "unet/kernels/backend.h"

#include <cstdlib>
#include <map>
#include <new>
#include <string_view>

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/kernels/dispatch.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

Buffer::Buffer(std::size_t floats) : size_(floats) {
    constexpr std::size_t alignment = 64;
    const std::size_t bytes = floats * sizeof(float);
    // Large memory comes as pages that the system clears when they are touched: by all threads at
    // work, not by one of them here.
    std::size_t space = bytes + alignment;
    void* memory = std::calloc(space, 1);
    if (!memory)
        fail(ErrorCode::memory, "the system has no {} bytes left for the network's buffers", bytes);
    void* aligned = memory;
    std::align(alignment, bytes, aligned, space);
    system::use_huge_pages(aligned, bytes);
    values_ = {static_cast<float*>(aligned), Release{memory}};
}

void Buffer::Release::operator()(float*) const noexcept { std::free(memory); }

const Backend& cpu_backend(std::string_view name) {
    static const std::map<std::string_view, Backend> backends = [] {
        std::map<std::string_view, Backend> all;
        for (const KernelTable* table : available())
            all.emplace(table->name, Backend{table, channel_block});
        return all;
    }();
    if (name.empty())
        if (const char* chosen = std::getenv("UNET_KERNELS")) name = chosen;
    return backends.at(select(name).name);
}

const Backend& direct_backend(const Backend& backend) {
    return cpu_backend(backend.kernels->direct->name);
}

}  // namespace unet::kernels
