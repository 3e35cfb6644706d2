#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>

#include "unet/core/item_function.h"

namespace unet {

class ThreadPool;

/// Where work runs: how many threads, and scratch memory that the caller planned. Every kernel and
/// every parallel_for takes one; the library has no global thread settings.
class Context {
public:
    /// `threads` = 0 takes as many as the process may run on.
    explicit Context(int threads = 0);

    int threads() const noexcept { return threads_; }

    /// Scratch memory for the kernel being called, 64-byte aligned; its size is what the kernel
    /// table's `..._workspace` function asked for.
    std::span<float> workspace() const noexcept { return workspace_; }
    void set_workspace(std::span<float> workspace) noexcept { workspace_ = workspace; }

    /// Floats of scratch memory that every thread has for itself: what fits a core's L2 cache.
    static constexpr std::size_t scratch_floats = std::size_t{1} << 19;
    /// Thread's own scratch memory, 64-byte aligned; 0 <= thread < threads(). Pages that no kernel
    /// touches cost nothing.
    float* scratch(int thread) const noexcept {
        return scratch_.get() + static_cast<std::size_t>(thread) * scratch_floats;
    }
    std::size_t scratch_bytes() const noexcept {
        return static_cast<std::size_t>(threads_) * scratch_floats * sizeof(float);
    }

    /// Memory for the short lists that a kernel makes on the calling thread. What is given back is
    /// kept for the next call, so work that repeats does not ask the system again.
    std::pmr::memory_resource* small_memory() const noexcept { return small_memory_.get(); }

private:
    friend void parallel_for(Context& context, std::int64_t items, ItemFunction function);

    int threads_;
    std::span<float> workspace_;
    // Shared by copies, which must not run at the same time.
    std::shared_ptr<ThreadPool> pool_;  ///< null for one thread
    std::shared_ptr<float[]> scratch_;
    std::shared_ptr<std::pmr::memory_resource> small_memory_;
};

/// Calls function(item, thread) once for every item in [0, items), on at most context.threads()
/// threads, in any order; 0 <= thread < context.threads(). Which items there are must not depend on
/// the number of threads, and items must write disjoint memory: then the result does not either.
/// The first exception thrown by an item reaches the caller after all threads stopped; items that
/// nobody had begun are left out then. A call from inside an item runs on that item's thread alone.
void parallel_for(Context& context, std::int64_t items, ItemFunction function);

}  // namespace unet
