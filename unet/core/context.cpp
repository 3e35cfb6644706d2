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

Context::Context(int threads) : threads_(threads > 0 ? threads : available_threads()) {
    if (threads < 0 || threads > 4096)
        fail(ErrorCode::invalid_argument, "threads is {}, must be from 0 (all) to 4096", threads);
    auto* memory = static_cast<float*>(allocate_array(scratch_bytes()));
    if (!memory)
        fail(ErrorCode::memory, "the system has no {} bytes left for {} threads", scratch_bytes(),
             threads_);
    scratch_.reset(memory, [](float* p) { std::free(p); });
}

void parallel_for(Context& context, std::int64_t items, ItemFunction function) {
    const int threads = static_cast<int>(std::min<std::int64_t>(context.threads(), items));
    if (threads <= 1) {
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
