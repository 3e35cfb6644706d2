#include "unet/core/thread_pool.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "unet/core/system/processors.h"
#include "unet/core/system/sleep.h"

namespace unet {
namespace {

/// Longer than between the loops of a network's step; docs/performance.md.
constexpr std::chrono::nanoseconds most_patience{50'000}, least_patience{3'000};

/// The item that this thread is in.
thread_local struct {
    const ThreadPool* pool;
    int thread;
} inside{nullptr, 0};

}  // namespace

template <class Ready>
bool ThreadPool::Patience::spin_until(Ready ready) {
    constexpr int rounds = 16;  // between looks at the clock
    if (ready()) return true;
    if (most.count() == 0) return false;
    const auto end = std::chrono::steady_clock::now() + now;
    do {
        for (int i = 0; i < rounds; ++i) {
            system::pause_processor();
            if (!ready()) continue;
            now = std::min(most, 2 * now);
            return true;
        }
    } while (std::chrono::steady_clock::now() < end);
    now = std::max(least_patience, now / 2);
    return false;
}

ThreadPool::ThreadPool(int threads)
    : threads_(threads),
      // Who spins where threads wait for a processor keeps it from the one that is waited for.
      patience_{threads > system::processors() ? Nanoseconds{0} : most_patience} {}

ThreadPool::~ThreadPool() {
    stop_ = true;
    ++calls_;
    system::wake(calls_, std::numeric_limits<int>::max());
    for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::start() {
    try {
        for (int thread = 1; thread < threads_; ++thread)
            workers_.emplace_back([this, thread] { work(thread); });
    } catch (const std::exception&) {
        // The system has no more: those that are there do the work.
    }
}

void ThreadPool::run(std::int64_t items, ItemFunction function) {
    const bool nested = inside.pool != nullptr;
    if (nested || items <= 1 || busy_.exchange(true, std::memory_order_acquire)) {
        const int thread = inside.pool == this ? inside.thread : 0;
        for (std::int64_t item = 0; item < items; ++item) function(item, thread);
        return;
    }
    if (workers_.empty()) start();
    function_ = &function;
    items_ = items;
    failed_.store(false, std::memory_order_relaxed);
    next_.store(0, std::memory_order_relaxed);
    left_.store(0, std::memory_order_relaxed);
    const int wanted = static_cast<int>(std::min(std::ssize(workers_), items - 1));
    room_.store(wanted, std::memory_order_release);
    wake(wanted);
    inside = {this, 0};
    take_items(0);
    inside = {nullptr, 0};
    wait_for(static_cast<std::uint32_t>(wanted));
    const std::exception_ptr error = std::exchange(error_, nullptr);
    busy_.store(false, std::memory_order_release);
    if (error) std::rethrow_exception(error);
}

/// The order of these and of the sleeper's is that of all threads (seq_cst): either the sleeper
/// sees the new call, or it is seen here.
void ThreadPool::wake(int threads) {
    ++calls_;
    if (const int sleepers = std::min(threads, sleeping_.load()); sleepers > 0)
        system::wake(calls_, sleepers);
}

/// For those too that had nothing to do: on a busy machine threads that wait for one another run at
/// the same time, while a caller that goes on alone stays alone (docs/performance.md).
void ThreadPool::wait_for(std::uint32_t workers) {
    const auto all_left = [&] { return left_.load(std::memory_order_acquire) == workers; };
    if (patience_.spin_until(all_left)) return;
    caller_sleeps_ = true;
    for (std::uint32_t left = left_; left != workers; left = left_)
        system::sleep_while(left_, left);
    caller_sleeps_ = false;
}

void ThreadPool::leave() {
    ++left_;
    if (caller_sleeps_) system::wake(left_, 1);
}

/// Who comes late may find a later call's room, which is as well.
bool ThreadPool::join() {
    int room = room_.load(std::memory_order_relaxed);
    while (room > 0)
        if (room_.compare_exchange_weak(room, room - 1, std::memory_order_acquire)) return true;
    return false;
}

void ThreadPool::work(int thread) {
    inside = {this, thread};
    Patience patience{patience_.most};
    for (std::uint32_t seen = 0; !stop_; seen = calls_) {
        if (join()) {
            take_items(thread);
            leave();
        }
        if (patience.spin_until([&] { return calls_.load(std::memory_order_relaxed) != seen; }))
            continue;
        ++sleeping_;
        while (calls_ == seen) system::sleep_while(calls_, seen);
        --sleeping_;
    }
}

void ThreadPool::take_items(int thread) {
    for (;;) {
        const std::int64_t item = next_.fetch_add(1, std::memory_order_relaxed);
        if (item >= items_) return;
        try {
            (*function_)(item, thread);
        } catch (...) {
            if (!failed_.exchange(true)) error_ = std::current_exception();
            next_.store(items_, std::memory_order_relaxed);  // the others need not begin
        }
    }
}

}  // namespace unet
