#include "unet/core/system/sleep.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace unet::system {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

void sleep_while(const std::atomic<std::uint32_t>& value, std::uint32_t seen) noexcept {
    ::syscall(SYS_futex, &value, FUTEX_WAIT_PRIVATE, seen, nullptr);
}

void wake(const std::atomic<std::uint32_t>& value, int threads) noexcept {
    ::syscall(SYS_futex, &value, FUTEX_WAKE_PRIVATE, threads);
}

}  // namespace unet::system
