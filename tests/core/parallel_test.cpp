#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/error.h"

namespace unet {
namespace {

TEST(ParallelForTest, CallsEveryItemOnce) {
    for (int threads : {1, 2, 5}) {
        Context context(threads);
        std::vector<std::atomic<int>> calls(1000);
        parallel_for(context, 1000, [&](std::int64_t item, int thread) {
            ASSERT_LT(thread, threads);
            ++calls[static_cast<std::size_t>(item)];
        });
        for (const auto& count : calls) EXPECT_EQ(count, 1);
    }
}

TEST(ParallelForTest, HandsAnExceptionToTheCaller) {
    Context context(3);
    EXPECT_THROW(parallel_for(context, 100,
                              [](std::int64_t item, int) {
                                  if (item == 42) fail(ErrorCode::io, "item {}", item);
                              }),
                 Error);
}

TEST(ContextTest, RefusesANegativeNumberOfThreads) { EXPECT_THROW(Context(-1), Error); }

}  // namespace
}  // namespace unet
