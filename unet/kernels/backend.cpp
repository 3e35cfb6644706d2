#include "unet/kernels/backend.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <string>

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/kernels/dispatch.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

Buffer::Buffer(std::size_t floats) : size_(floats) {
    const std::size_t bytes = floats * sizeof(float);
    auto* memory = static_cast<float*>(allocate_array(bytes));
    if (!memory)
        fail(ErrorCode::memory, "the system has no {} bytes left for the network's buffers", bytes);
    std::memset(memory, 0, bytes);
    values_.reset(memory);
}

void Buffer::Release::operator()(float* memory) const noexcept { std::free(memory); }

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
    if (backend.kernels->footprint == 1) return backend;
    return cpu_backend(std::string(backend.kernels->name) + "-direct");
}

}  // namespace unet::kernels
