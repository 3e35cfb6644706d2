#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "unet/kernels/kernel_table.h"

namespace unet::kernels {

/// 64-byte aligned, zeroed floats that live where a backend's kernels can reach them.
class Buffer {
public:
    Buffer() = default;
    /// Throws Error(memory) with the number of bytes if the system refuses.
    explicit Buffer(std::size_t floats);

    float* data() { return values_.get(); }
    const float* data() const { return values_.get(); }
    std::size_t size() const { return size_; }
    std::span<float> span() { return {values_.get(), size_}; }
    std::span<const float> span() const { return {values_.get(), size_}; }

private:
    struct Release {
        Release() noexcept : memory(nullptr) {}
        explicit Release(void* all) noexcept : memory(all) {}
        void operator()(float*) const noexcept;
        void* memory;  ///< what the system gave, aligned or not
    };
    std::unique_ptr<float[], Release> values_;
    std::size_t size_ = 0;
};

/// A place to compute: kernels, and the layout of the memory their pointers point into. nn/ asks it
/// for the channel block and never knows the device or the instruction set.
struct Backend {
    const KernelTable* kernels;
    std::int64_t channel_block;  ///< channels stored next to each other
};

/// The backend whose table is called `name`; empty takes UNET_KERNELS from the environment, or else
/// the fastest that this machine runs. Throws Error(unsupported) listing what there is.
const Backend& cpu_backend(std::string_view name = {});

/// The same kernels with direct convolutions only (KernelTable::direct): what `exact` takes.
const Backend& direct_backend(const Backend& backend);

}  // namespace unet::kernels
