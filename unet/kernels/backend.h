#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "unet/kernels/kernel_table.h"

namespace unet::kernels {

/// 64-byte aligned, zeroed memory that a backend's kernels can reach.
class Buffer {
public:
    Buffer() = default;
    /// Throws Error(memory) with the number of bytes if the system refuses.
    explicit Buffer(std::size_t bytes);

    std::byte* data() { return bytes_.get(); }
    const std::byte* data() const { return bytes_.get(); }
    std::size_t size() const { return size_; }
    /// As an array of T.
    template <class T>
    std::span<T> as() {
        return {reinterpret_cast<T*>(data()), size_ / sizeof(T)};
    }
    template <class T>
    std::span<const T> as() const {
        return {reinterpret_cast<const T*>(data()), size_ / sizeof(T)};
    }

private:
    struct Release {
        Release() noexcept : memory(nullptr) {}
        explicit Release(void* all) noexcept : memory(all) {}
        void operator()(std::byte*) const noexcept;
        void* memory;  ///< what the system gave, aligned or not
    };
    std::unique_ptr<std::byte[], Release> bytes_;
    std::size_t size_ = 0;
};

/// A place to compute: kernels, and the layout of the memory their pointers point into. nn/ asks it
/// for sizes and never knows the device, the element type or the instruction set.
struct Backend {
    const KernelTable* kernels;
    std::int64_t channel_block;  ///< channels stored next to each other
    std::int64_t pixel_bytes;    ///< from one of them to those of the next pixel

    std::int64_t blocks(std::int64_t channels) const {
        return (channels + channel_block - 1) / channel_block;
    }
};

/// The backend whose table is called `name`; empty takes UNET_KERNELS from the environment, or else
/// the fastest that this machine runs. Throws Error(unsupported) listing what there is; and where
/// nobody named the reference kernels, the only ones for bfloat16 on most machines.
const Backend& cpu_backend(std::string_view name = {}, Element element = Element::float32);

/// The same kernels with direct convolutions only (KernelTable::direct): what `exact` takes.
const Backend& direct_backend(const Backend& backend);

}  // namespace unet::kernels
