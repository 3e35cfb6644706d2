#include "unet/train/writer.h"

#include <utility>

namespace unet {

Writer::Writer() : thread_([this] { run(); }) {}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Writer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return job_ || stop_; });
        if (!job_) return;
        std::exception_ptr error;
        {
            const auto job = std::exchange(job_, nullptr);
            lock.unlock();
            try {
                job();
            } catch (...) {
                error = std::current_exception();
            }
        }  // what the job held is given back before anybody may hand over the next one
        lock.lock();
        if (error && !error_) error_ = error;
        busy_ = false;
        changed_.notify_all();
    }
}

void Writer::wait_until_idle(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] { return !busy_; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

bool Writer::busy() {
    const std::lock_guard lock(mutex_);
    return busy_;
}

void Writer::submit(std::function<void()> job) {
    std::unique_lock lock(mutex_);
    wait_until_idle(lock);
    job_ = std::move(job);
    busy_ = true;
    lock.unlock();
    changed_.notify_all();
}

void Writer::finish() {
    std::unique_lock lock(mutex_);
    wait_until_idle(lock);
}

}  // namespace unet
