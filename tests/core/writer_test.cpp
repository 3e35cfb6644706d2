#include "unet/core/files/writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

namespace unet {
namespace {

TEST(Writer, DoesItsJobsInOrder) {
    std::vector<int> done;
    Writer writer;
    for (int i = 0; i < 20; ++i) writer.submit([&done, i] { done.push_back(i); });
    writer.finish();
    ASSERT_EQ(done.size(), 20u);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
    EXPECT_FALSE(writer.busy());
}

TEST(Writer, SubmitReturnsWhileTheJobIsUnderWay) {
    std::atomic<bool> go{false};
    Writer writer;
    writer.submit([&] {
        while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    EXPECT_TRUE(writer.busy());  // reached only because submit did not wait
    go = true;
    writer.finish();
}

// What a job holds (a copy of all weights) exists once at most: this is what the memory plan
// counts.
TEST(Writer, NeverHoldsTwoJobs) {
    std::atomic<int> alive{0}, most{0};
    struct Copy {
        std::atomic<int>& count;
        explicit Copy(std::atomic<int>& c, std::atomic<int>& peak) : count(c) {
            if (++count > peak) peak = count.load();
        }
        ~Copy() { --count; }
    };
    Writer writer;
    for (int i = 0; i < 10; ++i) {
        writer.finish();  // as the trainer does before it copies the weights
        writer.submit([copy = std::make_shared<Copy>(alive, most)] {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        });
    }
    writer.finish();
    EXPECT_EQ(most, 1);
    EXPECT_EQ(alive, 0);
}

TEST(Writer, OnSeveralThreadsSomeJobsWaitAndNoMoreThanWasSaid) {
    std::atomic<int> done{0};
    std::atomic<bool> go{false};
    Writer writer(2, 3);
    const auto job = [&] {
        while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ++done;
    };
    writer.submit(job);
    writer.submit(job);
    EXPECT_FALSE(writer.busy());
    writer.submit(job);
    EXPECT_TRUE(writer.busy());  // two under way, one waits
    go = true;
    for (int i = 0; i < 20; ++i) writer.submit(job);
    writer.finish();
    EXPECT_EQ(done, 23);
}

TEST(Writer, AnErrorReachesTheNextCall) {
    Writer writer;
    writer.submit([] { throw std::runtime_error("disk full"); });
    EXPECT_THROW(writer.finish(), std::runtime_error);
    writer.finish();  // told once
    writer.submit([] { throw std::runtime_error("disk full"); });
    EXPECT_THROW(writer.submit([] {}), std::runtime_error);
}

TEST(Writer, DestructionWaitsForTheJobUnderWay) {
    std::atomic<bool> written{false};
    {
        Writer writer;
        writer.submit([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            written = true;
        });
    }
    EXPECT_TRUE(written);
}

}  // namespace
}  // namespace unet
