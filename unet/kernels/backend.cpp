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

namespace {

std::map<std::string_view, Backend> backends_for(Element element) {
    const bool whole = element == Element::float32;
    const std::int64_t block = whole ? channel_block : channel_block_of<BFloat16>;
    const std::size_t bytes = whole ? sizeof(float) : sizeof(BFloat16);
    std::map<std::string_view, Backend> all;
    for (const KernelTable* table : available(element))
        all.emplace(table->name, Backend{table, block, block * std::int64_t(bytes)});
    return all;
}

}  // namespace

Buffer::Buffer(std::size_t bytes) : size_(bytes) {
    constexpr std::size_t alignment = 64;
    // Large memory comes as pages that the system clears when they are touched: by all threads at
    // work, not by one of them here.
    std::size_t space = bytes + alignment;
    void* memory = std::calloc(space, 1);
    if (!memory)
        fail(ErrorCode::memory, "the system has no {} bytes left for the network's buffers", bytes);
    void* aligned = memory;
    std::align(alignment, bytes, aligned, space);
    system::use_huge_pages(aligned, bytes);
    bytes_ = {static_cast<std::byte*>(aligned), Release{memory}};
}

void Buffer::Release::operator()(std::byte*) const noexcept { std::free(memory); }

const Backend& cpu_backend(std::string_view name, Element element) {
    static const std::map<std::string_view, Backend> float32 = backends_for(Element::float32);
    static const std::map<std::string_view, Backend> bfloat16 = backends_for(Element::bfloat16);
    if (name.empty())
        if (const char* chosen = std::getenv("UNET_KERNELS")) name = chosen;
    const KernelTable& table = select(name, element);
    if (name.empty() && element == Element::bfloat16 && available(element).size() == 1)
        fail_setting("precision", ErrorCode::unsupported,
                     "`precision`: this machine has no fast arithmetic for bf16, which takes a "
                     "processor with AMX tiles for bfloat16 (Linux lists amx_bf16 among the flags "
                     "in /proc/cpuinfo) and a system that lets programs use them; compute in fp32, "
                     "whose results are the more exact ones");
    return (element == Element::float32 ? float32 : bfloat16).at(table.name);
}

const Backend& direct_backend(const Backend& backend) {
    return cpu_backend(backend.kernels->direct->name, backend.kernels->element);
}

}  // namespace unet::kernels
