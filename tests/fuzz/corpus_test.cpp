#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "targets.h"
#include "unet/core/files/file.h"

// What the fuzzers begin with (make_corpus.py) and what they once broke the readers with (found/),
// read again by the same functions.

namespace unet::fuzz {
namespace {

std::vector<std::filesystem::path> files_of(const Target& target) {
    std::vector<std::filesystem::path> files;
    for (const char* folder : {UNET_FUZZ_CORPUS, UNET_FUZZ_FOUND}) {
        const auto path = std::filesystem::path(folder) / target.name;
        if (!std::filesystem::exists(path)) continue;
        for (const auto& entry : std::filesystem::directory_iterator(path))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

class CorpusTest : public testing::TestWithParam<Target> {};

TEST_P(CorpusTest, EveryInputIsAResultOrAnError) {
    const auto files = files_of(GetParam());
    ASSERT_FALSE(files.empty());
    for (const auto& file : files) {
        SCOPED_TRACE(file.string());
        const auto bytes = read_file(file);
        ASSERT_NO_THROW(GetParam().read(bytes));
    }
}

INSTANTIATE_TEST_SUITE_P(Targets, CorpusTest, testing::ValuesIn(targets),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace unet::fuzz
