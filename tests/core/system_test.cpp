#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "tests/testing/folder.h"
#include "unet/core/system/files.h"
#include "unet/core/system/locks.h"
#include "unet/core/system/memory.h"
#include "unet/core/system/process.h"
#include "unet/core/system/processors.h"

namespace unet::system {
namespace {

namespace fs = std::filesystem;

class SystemTest : public FolderTest {
protected:
    File open(const char* name, Opening opening) {
        File file(folder / name, opening, error_);
        return file;
    }
    void write(const char* name, Opening opening, std::string_view text) {
        open(name, opening).write(std::as_bytes(std::span(text)), error_);
    }
    std::string read(const char* name) {
        std::array<std::byte, 64> bytes;
        const std::size_t count = open(name, Opening::read).read(bytes, error_);
        return {reinterpret_cast<const char*>(bytes.data()), count};
    }

    std::error_code error_;
};

TEST_F(SystemTest, FilesAreOpenedInFiveWays) {
    EXPECT_FALSE(open("a", Opening::read).is_open());
    EXPECT_EQ(error_, std::errc::no_such_file_or_directory);
    write("a", Opening::create, "one");
    EXPECT_FALSE(error_);
    EXPECT_FALSE(open("a", Opening::create).is_open());
    EXPECT_EQ(error_, std::errc::file_exists);
    write("a", Opening::append, " two");
    EXPECT_EQ(read("a"), "one two");
    write("a", Opening::update, "ONE");
    EXPECT_EQ(read("a"), "ONE two");
    write("a", Opening::replace, "3");
    EXPECT_EQ(read("a"), "3");
}

TEST_F(SystemTest, FilesHaveNodesAndNamesChangePlaces) {
    write("a", Opening::create, "a");
    write("b", Opening::create, "b");
    const auto a = node_of(folder / "a"), b = node_of(folder / "b");
    EXPECT_NE(a, b);
    EXPECT_EQ(open("a", Opening::read).status(error_).node, a);
    exchange(folder / "a", folder / "b", error_);
    EXPECT_EQ(node_of(folder / "a"), error_ ? a : b);
    replace(folder / "a", folder / "b", error_);
    EXPECT_FALSE(error_);
    EXPECT_FALSE(fs::exists(folder / "a"));
    EXPECT_EQ(node_of(folder / "none"), 0u);
}

TEST_F(SystemTest, LocksOfTwoOpenFilesMeet) {
    const File one = open("lock", Opening::update), other = open("lock", Opening::update);
    ASSERT_TRUE(lock(one, 0, Lock::shared, false, error_));
    EXPECT_TRUE(lock(other, 0, Lock::shared, false, error_));
    EXPECT_FALSE(lock(other, 0, Lock::exclusive, false, error_));
    EXPECT_FALSE(error_);
    EXPECT_TRUE(lock(other, 1, Lock::exclusive, false, error_));
    unlock(one, 0);
    EXPECT_TRUE(lock(other, 0, Lock::exclusive, false, error_));
}

TEST_F(SystemTest, SaysWhatItKnowsOfTheMachine) {
    EXPECT_GE(processors(), 1);
    EXPECT_FALSE(processor_name().empty());
    EXPECT_FALSE(machine_name().empty());
    EXPECT_FALSE(has_ended(process_id()));
    EXPECT_EQ(program_file().filename(), "core_tests");
    EXPECT_GT(physical_memory(), 0);
    EXPECT_GT(available_memory(), 0);
    EXPECT_GE(peak_resident_memory(), resident_memory());
    EXPECT_GT(resident_memory(), 0);
}

}  // namespace
}  // namespace unet::system
