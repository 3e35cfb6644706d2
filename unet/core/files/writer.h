#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace unet {

/// Writes files on threads of its own, so that who computes does not wait for packing and the disk.
/// By default one job at a time, so that at most one copy of what is written exists.
class Writer {
public:
    /// `most` jobs at most are waiting or under way, on `threads` threads; one thread does them in
    /// order.
    explicit Writer(int threads = 1, std::size_t most = 1);
    /// Waits for the jobs handed over; their error, if any, is lost: call finish() to hear of it.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// True while submit() would wait.
    bool busy();
    /// Waits until fewer than `most` jobs are left, then hands over `job` and returns at once.
    /// Rethrows what an earlier job threw.
    void submit(std::function<void()> job);
    /// Waits until everything is written. Rethrows what a job threw.
    void finish();

private:
    void run();
    void wait_until_below(std::size_t jobs, std::unique_lock<std::mutex>& lock);

    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;  ///< that wait
    std::size_t left_ = 0;                    ///< they and those under way
    std::exception_ptr error_;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace unet
