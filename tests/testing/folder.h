#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "unet/core/error.h"

namespace unet {

inline std::filesystem::path test_files() {
    return std::filesystem::path(UNET_SOURCE_DIR) / "tests/image/files";
}

/// A test with an empty folder of its own.
class FolderTest : public testing::Test {
protected:
    std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                   (std::string("unet_") +
                                    testing::UnitTest::GetInstance()->current_test_info()->name());
    void SetUp() override {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
};

/// The message of the Error that `function` throws; empty if it throws none.
template <class Function>
std::string message_of(Function function) {
    try {
        function();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace unet
