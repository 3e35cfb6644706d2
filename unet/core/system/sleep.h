#pragma once

#include <atomic>
#include <cstdint>

namespace unet::system {

/// Sleeps until wake() is called for `value`; returns at once where it is not `seen`, and may
/// return for no reason. (Linux futex, Windows WaitOnAddress, macOS os_sync_wait_on_address.
/// std::atomic::wait would do, but libstdc++ calls sched_yield first, for which Linux since 6.6
/// puts a thread behind all others.)
void sleep_while(const std::atomic<std::uint32_t>& value, std::uint32_t seen) noexcept;
/// Wakes at most so many threads that sleep there.
void wake(const std::atomic<std::uint32_t>& value, int threads) noexcept;

}  // namespace unet::system
