#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "discs.h"
#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/model/safetensors.h"
#include "unet/train/checkpoint.h"
#include "unet/train/run/trainer.h"

namespace unet {
namespace {

constexpr std::int64_t steps = 30;  // validations at 10, 20 and the end

class ResumeTest : public FolderTest {
protected:
    std::filesystem::path data = folder / "data", run = folder / "run", whole = folder / "whole";

    ResumeTest() { discs::write(data, 8); }

    /// A training that is cancelled at the first question after `step` steps.
    TrainResult stop_after(std::int64_t step) {
        std::int64_t done = 0;
        TrainHooks hooks{.threads = 1};
        hooks.progress = [&](const TrainProgress& progress) { done = progress.step; };
        hooks.cancelled = [&] { return done >= step; };
        return train(discs::options(data, run, steps), hooks);
    }

    /// The finished run equals the one that was never stopped: every tensor of both files, and the
    /// best model's file byte by byte (it holds no times).
    void expect_as_whole() {
        EXPECT_EQ(read_file(run / "model.safetensors"), read_file(whole / "model.safetensors"));
        const auto found = read_safetensors(run / "last.safetensors").tensors;
        const auto expected = read_safetensors(whole / "last.safetensors").tensors;
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].name, expected[i].name);
            EXPECT_EQ(found[i].values, expected[i].values) << found[i].name;
        }
    }

    /// Steps of the validations that metrics.jsonl speaks of.
    std::vector<std::int64_t> validated_steps() const {
        std::vector<std::int64_t> found;
        std::ifstream file(run / "metrics.jsonl");
        for (std::string line; std::getline(file, line);) {
            const auto json = nlohmann::json::parse(line);
            if (json.contains("score")) found.push_back(json["step"].get<std::int64_t>());
        }
        return found;
    }
};

TEST_F(ResumeTest, StoppedAnywhereItEndsAsIfItHadNotBeen) {
    train(discs::options(data, whole, steps), {.threads = 1});
    for (const std::int64_t step : {0, 1, 10, 17, 29}) {
        std::filesystem::remove_all(run);
        const auto stopped = stop_after(step);
        EXPECT_EQ(stopped.status, TrainStatus::stopped);
        EXPECT_EQ(stopped.step, step);
        EXPECT_TRUE(std::filesystem::exists(run / "model.safetensors"));
        const auto result = resume({.run = run}, {.threads = 1});
        EXPECT_EQ(result.status, TrainStatus::finished);
        EXPECT_EQ(result.step, steps);
        SCOPED_TRACE(step);
        expect_as_whole();
        EXPECT_EQ(validated_steps(), (std::vector<std::int64_t>{10, 20, 30}));
    }
}

// Not a stop but a copy of the folder as it was found at some moment, as after a power cut: the
// last checkpoint is older than the metrics, perhaps older than the best model.
TEST_F(ResumeTest, CopiedWhileItRanItEndsAsIfItHadNotBeen) {
    std::vector<std::filesystem::path> copies;
    TrainHooks hooks{.threads = 1};
    hooks.progress = [&](const TrainProgress& progress) {
        if (progress.step % 6 != 1) return;
        copies.push_back(folder / ("copy" + std::to_string(progress.step)));
        std::filesystem::create_directories(copies.back());
        for (const char* name :
             {"config.toml", "metrics.jsonl", "log.txt", "last.safetensors", "model.safetensors"})
            if (std::filesystem::exists(whole / name))
                std::filesystem::copy_file(whole / name, copies.back() / name);
    };
    train(discs::options(data, whole, steps), hooks);
    ASSERT_EQ(copies.size(), 5u);
    for (const auto& copy : copies) {
        SCOPED_TRACE(copy.filename());
        run = copy;
        EXPECT_EQ(resume({.run = run}, {.threads = 1}).step, steps);
        expect_as_whole();
        EXPECT_EQ(validated_steps(), (std::vector<std::int64_t>{10, 20, 30}));
    }
}

// The child of the test below: this program again, told by its environment what to train.
TEST(ResumeChild, Trains) {
    const char* data = std::getenv("UNET_TEST_DATA");
    const char* run = std::getenv("UNET_TEST_RUN");
    if (!data || !run) GTEST_SKIP() << "runs as a child only";
    TrainHooks hooks{.threads = 1};
    hooks.progress = [](const TrainProgress&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    };
    train(discs::options(data, run, steps), hooks);
}

pid_t start_child(const std::filesystem::path& data, const std::filesystem::path& run) {
    ::setenv("UNET_TEST_DATA", data.c_str(), 1);
    ::setenv("UNET_TEST_RUN", run.c_str(), 1);
    const pid_t child = ::fork();
    if (child == 0) {
        if (!std::freopen("/dev/null", "w", stdout)) ::_exit(126);
        ::execl("/proc/self/exe", "train_tests", "--gtest_filter=ResumeChild.Trains",
                static_cast<char*>(nullptr));
        ::_exit(127);
    }
    ::unsetenv("UNET_TEST_DATA");
    ::unsetenv("UNET_TEST_RUN");
    return child;
}

TEST_F(ResumeTest, KilledItEndsAsIfItHadNotBeen) {
    train(discs::options(data, whole, steps), {.threads = 1});
    for (const int after_ms : {0, 20, 50, 90, 140}) {
        SCOPED_TRACE(after_ms);
        std::filesystem::remove_all(run);
        const pid_t child = start_child(data, run);
        ASSERT_GT(child, 0);
        // From the first checkpoint on: before it there is nothing to go on from.
        while (!std::filesystem::exists(run / "last.safetensors"))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        const auto last = read_checkpoint(run / "last.safetensors");  // whole, whenever it was
        if (!last.training.finished) resume({.run = run}, {.threads = 1});
        expect_as_whole();
    }
}

TEST_F(ResumeTest, AFinishedRunGoesOnWhenItIsMadeLonger) {
    train(discs::options(data, run, 10), {.threads = 1});
    EXPECT_NE(message_of([&] { resume({.run = run}); }).find("is finished"), std::string::npos);
    EXPECT_EQ(resume({.run = run, .more = {.steps = 5}}, {.threads = 1}).step, 15);
    EXPECT_EQ(resume({.run = run, .extent = Extent{.steps = 18}}, {.threads = 1}).step, 18);
    EXPECT_NE(message_of([&] { resume({.run = run, .extent = Extent{.steps = 12}}); }).find("18"),
              std::string::npos);
}

// Half of twenty steps: the cosine stands at half of its height again, and falls to nothing.
TEST_F(ResumeTest, ALongerRunTakesUpTheScheduleOfItsNewLength) {
    std::string log;
    std::vector<double> rates;
    TrainHooks hooks{.threads = 1};
    hooks.log = [&](const std::string& line) { log += line + "\n"; };
    hooks.progress = [&](const TrainProgress& now) { rates.push_back(now.learning_rate); };
    train(discs::options(data, run, 10), hooks);
    EXPECT_LT(rates.back(), 0.1 * 1e-2);
    EXPECT_EQ(log.find("the run was finished"), std::string::npos);
    log.clear();
    resume({.run = run, .more = {.steps = 10}}, hooks);
    EXPECT_NE(log.find("the learning rate goes on at 0.005,"), std::string::npos) << log;
    ASSERT_EQ(rates.size(), 20u);
    EXPECT_NEAR(rates[10], 0.5e-2, 1e-6);
    EXPECT_TRUE(std::is_sorted(rates.begin() + 10, rates.end(), std::greater<>()));
    EXPECT_LT(rates.back(), 0.01 * 1e-2);
}

TEST_F(ResumeTest, ARunOfStepsGoesOnByTime) {
    train(discs::options(data, run, 10), {.threads = 1});
    double time = 0.0;
    TrainHooks hooks{.threads = 1};
    hooks.clock = [&] { return time += 0.01; };
    const auto longer = resume({.run = run, .more = {.seconds = 4.0}}, hooks);
    EXPECT_EQ(longer.status, TrainStatus::finished);
    EXPECT_NEAR(time, 4.0, 0.3);
    EXPECT_GT(longer.step, 10);
}

// The words are the caller's, who is told of which run and in what state it is.
TEST_F(ResumeTest, CommandsOfTheCallerStandInLogAndReport) {
    TrainHooks hooks{.threads = 1};
    hooks.commands = [](const TrainOptions& options, const TrainingState& state) {
        const std::string name = options.out.filename().string();
        return RunCommands{"apply <" + name, state.finished ? "longer" : "on", "page", {"anew"}};
    };
    std::int64_t done = 0;
    hooks.progress = [&](const TrainProgress& progress) { done = progress.step; };
    hooks.cancelled = [&] { return done >= 5; };
    const auto stopped = train(discs::options(data, run, steps), hooks);
    EXPECT_EQ(stopped.commands.resume, "on");
    const std::string told = "stopped after step 5; apply <" + run.filename().string() + "; on\n";
    EXPECT_TRUE(read_text_file(run / "log.txt").ends_with(told)) << told;
    EXPECT_NE(read_text_file(run / "report.html").find("`page` makes up for it"),
              std::string::npos);
    EXPECT_NE(read_text_file(run / "report.html").find("<pre>anew\n</pre>"), std::string::npos);
    EXPECT_EQ(resume({.run = run}, {.threads = 1}).commands.resume, "");
    EXPECT_TRUE(read_text_file(run / "log.txt").ends_with("finished after step 30\n"));
}

TEST_F(ResumeTest, ABudgetGoesOnFromTheTimeThatWasSpent) {
    double time = 0.0;
    TrainHooks hooks{.threads = 1};
    hooks.clock = [&] { return time += 0.01; };
    hooks.cancelled = [&] { return time > 5.0; };
    auto options = discs::options(data, run, 0);
    options.extent = {0, 10.0};
    const auto stopped = train(options, hooks);
    EXPECT_EQ(stopped.status, TrainStatus::stopped);
    time = 0.0;
    hooks.cancelled = {};
    const auto result = resume({.run = run}, hooks);
    EXPECT_EQ(result.status, TrainStatus::finished);
    EXPECT_NEAR(result.seconds, 10.0, 0.5);
    EXPECT_NEAR(time, 5.0, 0.6);
    time = 0.0;
    const auto longer = resume({.run = run, .more = {.seconds = 4.0}}, hooks);
    EXPECT_NEAR(time, 4.0, 0.3);
    EXPECT_GT(longer.step, result.step);
}

TEST_F(ResumeTest, OtherKernelsGiveANotice) {
    stop_after(3);
    auto checkpoint = read_checkpoint(run / "last.safetensors");
    checkpoint.training.kernels = "abacus";
    write_checkpoint(run / "last.safetensors", checkpoint);
    std::string log;
    TrainHooks hooks{.threads = 1};
    hooks.log = [&](const std::string& line) { log += line + "\n"; };
    EXPECT_EQ(resume({.run = run}, hooks).step, steps);
    EXPECT_NE(log.find("'abacus'"), std::string::npos) << log;
}

TEST_F(ResumeTest, WhatIsMissingIsNamed) {
    EXPECT_NE(message_of([&] { resume({.run = folder / "none"}); }).find("no such folder"),
              std::string::npos);
    stop_after(2);
    std::filesystem::rename(data, folder / "moved");
    EXPECT_NE(message_of([&] { resume({.run = run}); }).find("data"), std::string::npos);
    EXPECT_EQ(resume({.run = run, .data = (folder / "moved").string()}, {.threads = 1}).step,
              steps);
}

}  // namespace
}  // namespace unet
