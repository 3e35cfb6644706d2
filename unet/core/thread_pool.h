#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

#include "unet/core/item_function.h"

namespace unet {

/// Threads that share the items of one call after the other. Between calls, which follow within
/// microseconds where a network is applied, they spin a moment and then sleep.
class ThreadPool {
public:
    /// `threads` > 1 with the calling one. The others start with the first call that needs them.
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// As parallel_for. Calls from inside an item, and those while another thread is in a call, are
    /// done by the calling thread alone.
    void run(std::int64_t items, ItemFunction function);

private:
    using Nanoseconds = std::chrono::nanoseconds;
    /// How long a thread spins before it sleeps: shorter after it was in vain.
    struct Patience {
        Nanoseconds most, now = most;
        template <class Ready>
        bool spin_until(Ready ready);
    };

    void start();
    void work(int thread);
    bool join();
    void leave();
    void take_items(int thread);
    void wake(int threads);
    void wait_for(std::uint32_t workers);

    static constexpr std::size_t line = 128;  ///< two cache lines: processors fetch them in pairs

    const int threads_;
    std::atomic<bool> busy_{false};
    Patience patience_;  ///< of the calling thread
    std::vector<std::thread> workers_;

    // What workers look at while they wait.
    alignas(line) std::atomic<std::uint32_t> calls_{0};
    std::atomic<int> room_{0};  ///< so many workers have to come into the call still
    std::atomic<bool> stop_{false};
    alignas(line) std::atomic<int> sleeping_{0};

    // The call.
    alignas(line) const ItemFunction* function_ = nullptr;
    std::int64_t items_ = 0;
    std::exception_ptr error_;
    std::atomic<bool> failed_{false};
    alignas(line) std::atomic<std::int64_t> next_{0};
    alignas(line) std::atomic<std::uint32_t> left_{0};  ///< workers that have come and gone
    std::atomic<bool> caller_sleeps_{false};
};

}  // namespace unet
