#include "unet/core/context.h"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>

#include "unet/core/error.h"
#include "unet/core/memory.h"

namespace unet {

int available_threads() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return std::max(1, CPU_COUNT(&set));
}

namespace {

/// Lists of a kernel for 10,000 channels are shorter than this.
constexpr std::pmr::pool_options pool{.max_blocks_per_chunk = 0,
                                      .largest_required_pool_block = std::size_t{1} << 18};

}  // namespace

Context::Context(int threads)
    : threads_(threads > 0 ? threads : available_threads()),
      small_memory_(std::make_shared<std::pmr::unsynchronized_pool_resource>(pool)) {
    if (threads < 0 || threads > 4096)
        fail(ErrorCode::invalid_argument, "threads is {}, must be from 0 (all) to 4096", threads);
    auto* memory = static_cast<float*>(allocate_array(scratch_bytes()));
    if (!memory)
        fail(ErrorCode::memory, "the system has no {} bytes left for {} threads", scratch_bytes(),
             threads_);
    scratch_.reset(memory, [](float* p) { std::free(p); });
}

void parallel_for(Context& context, std::int64_t items, ItemFunction function) {
    // All threads or one: OpenMP keeps its threads and its memory while their number stays.
    const int threads = context.threads();
    if (threads == 1 || items <= 1) {
        for (std::int64_t item = 0; item < items; ++item) function(item, 0);
        return;
    }
    std::exception_ptr first;
    std::atomic<bool> failed{false};
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (std::int64_t item = 0; item < items; ++item) {
        if (failed.load(std::memory_order_relaxed)) continue;
        try {
            function(item, omp_get_thread_num());
        } catch (...) {
            if (!failed.exchange(true)) first = std::current_exception();
        }
    }
    if (first) std::rethrow_exception(first);
}

}  // namespace unet
