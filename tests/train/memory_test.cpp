#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "discs.h"
#include "unet/core/files/file.h"
#include "unet/train/run/trainer.h"

namespace unet {
namespace {

/// "VmHWM" or "VmRSS" of this process in bytes.
std::int64_t resident(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key)) return std::stoll(line.substr(key.size() + 1)) * 1024;
    return 0;
}

/// A network and images large enough that small things do not matter.
TrainOptions large(const std::filesystem::path& data, const std::filesystem::path& run) {
    auto options = discs::options(data, run, 3);
    options.recipe.network.levels = 3;
    options.recipe.network.base_channels = 16;
    options.recipe.sampling = {.batch_size = 2, .patch = 256};
    return options;
}

// The child of the test below: a process whose memory nothing else has touched.
TEST(MemoryChild, Trains) {
    const char* folder = std::getenv("UNET_TEST_MEMORY");
    if (!folder) GTEST_SKIP() << "runs as a child only";
    const std::filesystem::path path = folder;
    const std::int64_t before = resident("VmRSS:");
    const TrainResult result = train(large(path / "data", path / "run"), {.threads = 1});
    std::ofstream(path / "measured") << resident("VmHWM:") - before << ' ' << result.planned_bytes;
}

// Promise 3: what was planned before the first step is not exceeded, reading data included. The
// allowance: library code that is paged in while it runs, thread stacks, what malloc keeps for
// reuse.
TEST(Memory, PeakOfATrainingIsAtMostWhatWasPlanned) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer keeps freed memory and a shadow of all of it: resident bytes "
                    "are not the program's";
#endif
    constexpr std::int64_t allowance = std::int64_t{24} << 20;
    const auto folder = std::filesystem::path(testing::TempDir()) / "unet_train_memory";
    std::filesystem::remove_all(folder);
    discs::write(folder / "data", 8, 512);
    ::setenv("UNET_TEST_MEMORY", folder.c_str(), 1);
    const pid_t child = ::fork();
    if (child == 0) {
        if (!std::freopen("/dev/null", "w", stdout)) ::_exit(126);
        ::execl("/proc/self/exe", "train_tests", "--gtest_filter=MemoryChild.Trains",
                static_cast<char*>(nullptr));
        ::_exit(127);
    }
    ::unsetenv("UNET_TEST_MEMORY");
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    std::int64_t measured = 0, planned = 0;
    std::ifstream(folder / "measured") >> measured >> planned;
    EXPECT_GT(planned, std::int64_t{64} << 20);
    EXPECT_LE(measured, planned + allowance);
    EXPECT_GE(measured, planned / 2) << "the plan says far more than is needed";
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace unet
