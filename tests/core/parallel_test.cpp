#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <thread>
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
            ASSERT_GE(thread, 0);
            ASSERT_LT(thread, threads);
            ++calls[static_cast<std::size_t>(item)];
        });
        for (const auto& count : calls) EXPECT_EQ(count, 1);
    }
}

TEST(ParallelForTest, HandsAnExceptionToTheCaller) {
    Context context(3);
    for (int again = 0; again < 100; ++again)
        EXPECT_THROW(parallel_for(context, 100,
                                  [](std::int64_t item, int) {
                                      if (item == 42) fail(ErrorCode::io, "item {}", item);
                                  }),
                     Error);
    std::atomic<int> calls{0};
    parallel_for(context, 100, [&](std::int64_t, int) { ++calls; });
    EXPECT_EQ(calls, 100);
}

TEST(ParallelForTest, ThousandsOfTinyCallsOneAfterTheOther) {
    for (int threads : {2, 3, 8}) {
        Context context(threads);
        std::vector<std::int64_t> sums(8);
        for (std::int64_t call = 0; call < 5000; ++call)
            parallel_for(context, call % 9, [&](std::int64_t item, int) { sums[item] += call; });
        for (std::int64_t item = 0; item < 8; ++item) {
            std::int64_t expected = 0;
            for (std::int64_t call = 0; call < 5000; ++call)
                if (item < call % 9) expected += call;
            EXPECT_EQ(sums[item], expected);
        }
    }
}

TEST(ParallelForTest, CallsAfterAPauseFindTheThreadsAgain) {
    Context context(4);
    for (int again = 0; again < 20; ++again) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));  // they sleep
        std::atomic<int> calls{0};
        parallel_for(context, 40, [&](std::int64_t, int) { ++calls; });
        EXPECT_EQ(calls, 40);
    }
}

TEST(ParallelForTest, ThreadsWorkAtTheSameTime) {
    Context context(4);
    std::atomic<int> here{0};
    // Each item waits for all: one thread alone would never end.
    parallel_for(context, 4, [&](std::int64_t, int) {
        ++here;
        while (here < 4) std::this_thread::yield();
    });
}

TEST(ParallelForTest, MoreThreadsThanItems) {
    Context context(16);
    for (std::int64_t items : {0, 1, 2, 3}) {
        std::atomic<std::int64_t> calls{0};
        parallel_for(context, items, [&](std::int64_t, int) { ++calls; });
        EXPECT_EQ(calls, items);
    }
}

TEST(ParallelForTest, ACallInsideAnItemRunsOnItsThread) {
    Context context(3), other(2);
    std::atomic<int> calls{0};
    parallel_for(context, 20, [&](std::int64_t, int outer) {
        const auto here = std::this_thread::get_id();
        parallel_for(context, 10, [&](std::int64_t, [[maybe_unused]] int inner) {
            EXPECT_EQ(std::this_thread::get_id(), here);
#ifndef UNET_OPENMP  // numbers the thread anew there
            EXPECT_EQ(inner, outer);
#endif
            ++calls;
        });
        if (outer == 0)
            parallel_for(other, 10, [&](std::int64_t, int inner) {
                EXPECT_EQ(std::this_thread::get_id(), here);
                EXPECT_EQ(inner, 0);
            });
    });
    EXPECT_EQ(calls, 200);
}

TEST(ParallelForTest, TwoContextsOnTwoThreads) {
    std::int64_t sums[2] = {};
    const auto work = [&](int which) {
        Context context(3);
        for (int call = 0; call < 500; ++call) {
            std::vector<std::int64_t> parts(10);
            parallel_for(context, 10, [&](std::int64_t item, int) { parts[item] = item + call; });
            sums[which] = std::accumulate(parts.begin(), parts.end(), sums[which]);
        }
    };
    std::thread a(work, 0), b(work, 1);
    a.join();
    b.join();
    EXPECT_EQ(sums[0], 500 * 45 + 10 * 500 * 499 / 2);
    EXPECT_EQ(sums[1], sums[0]);
}

TEST(ParallelForTest, ScratchMemoryIsOfOneThread) {
    Context context(4);
    Context copy = context;
    for (Context* each : {&context, &copy})
        parallel_for(*each, 200, [&](std::int64_t item, int thread) {
            float* scratch = each->scratch(thread);
            for (int i = 0; i < 1000; ++i) scratch[i] = static_cast<float>(item);
            for (int i = 0; i < 1000; ++i) ASSERT_EQ(scratch[i], static_cast<float>(item));
        });
    EXPECT_EQ(context.scratch(3), copy.scratch(3));
}

TEST(ContextTest, GoesWhileItsThreadsSpinOrSleep) {
    for (int pause : {0, 0, 0, 0, 1, 1}) {
        Context context(4);
        parallel_for(context, 8, [](std::int64_t, int) {});
        std::this_thread::sleep_for(std::chrono::milliseconds(pause));
    }
    Context never_used(4);
}

TEST(ContextTest, RefusesANegativeNumberOfThreads) { EXPECT_THROW(Context(-1), Error); }

}  // namespace
}  // namespace unet
