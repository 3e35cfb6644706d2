#include "unet/core/file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "unet/core/error.h"

namespace unet {
namespace {

class FileTest : public testing::Test {
protected:
    std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        (std::string("unet_file_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    void SetUp() override {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    int entries() {
        int count = 0;
        for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder))
            ++count;
        return count;
    }
};

TEST_F(FileTest, CommittedTextIsReadBack) {
    write_file_atomically(folder / "a b ü.txt", "hello");
    EXPECT_EQ(read_text_file(folder / "a b ü.txt"), "hello");
    EXPECT_EQ(entries(), 1);
}

TEST_F(FileTest, WithoutCommitTheOldContentStays) {
    write_file_atomically(folder / "a", "old");
    {
        AtomicFile file(folder / "a");
        file.write("new");
    }
    EXPECT_EQ(read_text_file(folder / "a"), "old");
    EXPECT_EQ(entries(), 1);
}

TEST_F(FileTest, MessagesNameTheFile) {
    try {
        read_file(folder / "missing");
        FAIL() << "no exception";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_NE(std::string(error.what()).find("missing"), std::string::npos);
    }
    EXPECT_THROW(read_file(folder), Error);
    EXPECT_THROW(AtomicFile(folder / "no" / "such" / "file"), Error);
    std::ofstream(folder / "file") << "x";
    EXPECT_THROW(create_folder(folder / "file"), Error);
}

TEST_F(FileTest, AFolderInTheWayIsAnErrorAndLeavesNothingBehind) {
    create_folder(folder / "taken");
    EXPECT_THROW(write_file_atomically(folder / "taken", "x"), Error);
    EXPECT_EQ(entries(), 1);
}

}  // namespace
}  // namespace unet
