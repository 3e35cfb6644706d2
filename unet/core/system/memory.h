#pragma once

#include <cstddef>
#include <cstdint>

namespace unet::system {

/// Uninitialised memory at a multiple of `alignment`, a power of two that divides `bytes`; null if
/// there is none left. To be given back with free_aligned (Windows cannot by std::free).
void* allocate_aligned(std::size_t alignment, std::size_t bytes) noexcept;
void free_aligned(void* memory) noexcept;

/// Asks the system for huge pages where they lie inside this memory as a whole, which nobody has
/// touched yet: filling it is several times faster. A hint.
void use_huge_pages(void* memory, std::size_t bytes) noexcept;

/// From now on, memory of 256 KB and more goes back to the system when it is freed, instead of
/// being kept for reuse as the C library does with more of it the longer a program runs: for
/// programs that promise how much they take. What is got and freed often is got anew each time.
void give_back_freed_memory() noexcept;

/// All memory of this machine, bytes; 0 where the system does not say.
std::int64_t physical_memory() noexcept;

/// Bytes that this process could still get without swapping: what the machine has free, or what is
/// left of its container's limit (cgroup v2). A large number where the system does not say.
std::int64_t available_memory();

/// Bytes that this process holds in memory now, and at most so far; 0 where the system does not
/// say.
std::int64_t resident_memory();
std::int64_t peak_resident_memory();

}  // namespace unet::system
