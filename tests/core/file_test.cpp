#include "unet/core/files/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "tests/testing/folder.h"

namespace unet {
namespace {

class FileTest : public FolderTest {
protected:
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

TEST_F(FileTest, TextIsAddedToTheEnd) {
    append_to_file(folder / "log", "one\n");
    append_to_file(folder / "log", "two\n");
    EXPECT_EQ(read_text_file(folder / "log"), "one\ntwo\n");
    EXPECT_NE(message_of([&] { append_to_file(folder, "text"); }).find("cannot write"),
              std::string::npos);
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

TEST_F(FileTest, DuplicateCopiesFilesAndFoldersAndReplacesNothing) {
    create_folder(folder / "a/b");
    write_file_atomically(folder / "a/b/c", "text");
    duplicate(folder / "a", folder / "copy");
    EXPECT_EQ(read_text_file(folder / "copy/b/c"), "text");
    write_file_atomically(folder / "mine", "mine");
    const std::string message = message_of([&] { duplicate(folder / "a/b/c", folder / "mine"); });
    EXPECT_NE(message.find("mine"), std::string::npos) << message;
    EXPECT_EQ(read_text_file(folder / "mine"), "mine");
}

TEST_F(FileTest, DuplicateSaysWhyThereIsNoRoom) {
    write_file_atomically(folder / "a", std::string(5000, 'x'));
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{3000, before.rlim_max};
    const auto action = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    const std::string message = message_of([&] { duplicate(folder / "a", folder / "b"); });
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, action);
    EXPECT_NE(message.find("File too large"), std::string::npos) << message;
}

TEST_F(FileTest, AFolderInTheWayIsAnErrorAndLeavesNothingBehind) {
    create_folder(folder / "taken");
    EXPECT_THROW(write_file_atomically(folder / "taken", "x"), Error);
    EXPECT_EQ(entries(), 1);
}

}  // namespace
}  // namespace unet
