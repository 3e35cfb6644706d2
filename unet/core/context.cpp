#include "unet/core/context.h"

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/core/system/processors.h"
#include "unet/core/thread_pool.h"

#ifdef UNET_OPENMP
#include <omp.h>
#endif

namespace unet {
namespace {

/// Lists of a kernel for 10,000 channels are shorter than this.
constexpr std::pmr::pool_options pool{.max_blocks_per_chunk = 0,
                                      .largest_required_pool_block = std::size_t{1} << 18};

#ifdef UNET_OPENMP
void run(int threads, std::int64_t items, ItemFunction function) {
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
#endif

}  // namespace

Context::Context(int threads)
    : threads_(threads > 0 ? threads : system::processors()),
      small_memory_(std::make_shared<std::pmr::unsynchronized_pool_resource>(pool)) {
    if (threads < 0 || threads > 4096)
        fail(ErrorCode::invalid_argument, "threads is {}, must be from 0 (all) to 4096", threads);
    auto* memory = static_cast<float*>(allocate_array(scratch_bytes()));
    if (!memory)
        fail(ErrorCode::memory, "the system has no {} bytes left for {} threads", scratch_bytes(),
             threads_);
    scratch_.reset(memory, [](float* p) { system::free_aligned(p); });
    if (threads_ > 1) pool_ = std::make_shared<ThreadPool>(threads_);
}

void parallel_for(Context& context, std::int64_t items, ItemFunction function) {
#ifdef UNET_OPENMP
    if (context.threads() > 1 && items > 1) return run(context.threads(), items, function);
#else
    if (context.pool_) return context.pool_->run(items, function);
#endif
    for (std::int64_t item = 0; item < items; ++item) function(item, 0);
}

}  // namespace unet
