#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace unet {

/// Writes files on a thread of its own, one after the other, so that training does not wait for the
/// disk. At most one job is under way or waiting, so at most one copy of what is written exists.
class Writer {
public:
    Writer();
    /// Waits for the job under way; its error, if any, is lost: call finish() to hear of it.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// True while a job is under way: submit() would wait.
    bool busy();
    /// Waits until the job before is done, then hands over `job` and returns at once.
    /// Rethrows what an earlier job threw.
    void submit(std::function<void()> job);
    /// Waits until everything is written. Rethrows what a job threw.
    void finish();

private:
    void run();
    void wait_until_idle(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> job_;
    std::exception_ptr error_;
    bool busy_ = false;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace unet
