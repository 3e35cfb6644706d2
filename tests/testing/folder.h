#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/testing/errors.h"
#include "unet/core/system/process.h"

namespace unet {

inline std::filesystem::path test_files() {
    return std::filesystem::path(UNET_SOURCE_DIR) / "tests/image/files";
}

/// A test with an empty folder of its own, which is gone afterwards.
class FolderTest : public testing::Test {
protected:
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        ("unet_" + std::to_string(system::process_id()) + "_" +
         testing::UnitTest::GetInstance()->current_test_info()->name());

    FolderTest() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    ~FolderTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
};

}  // namespace unet
