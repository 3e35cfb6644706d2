#include "unet/core/files/writer.h"

#include <utility>

namespace unet {

Writer::Writer(int threads, std::size_t most) : most_(most) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Writer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return !jobs_.empty() || stop_; });
        if (jobs_.empty()) return;
        std::exception_ptr error;
        {
            const auto job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            try {
                job();
            } catch (...) {
                error = std::current_exception();
            }
        }  // what the job held is given back before anybody may hand over the next one
        lock.lock();
        if (error && !error_) error_ = error;
        --left_;
        changed_.notify_all();
    }
}

void Writer::wait_until_below(std::size_t jobs, std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [&] { return left_ < jobs; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

bool Writer::busy() {
    const std::lock_guard lock(mutex_);
    return left_ >= most_;
}

void Writer::submit(std::function<void()> job) {
    std::unique_lock lock(mutex_);
    wait_until_below(most_, lock);
    jobs_.push_back(std::move(job));
    ++left_;
    lock.unlock();
    changed_.notify_all();
}

void Writer::finish() {
    std::unique_lock lock(mutex_);
    wait_until_below(1, lock);
}

}  // namespace unet
