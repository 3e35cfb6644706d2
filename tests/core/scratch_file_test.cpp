#include "unet/core/files/scratch_file.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/testing/folder.h"

namespace unet {
namespace {

using ScratchFileTest = FolderTest;

TEST_F(ScratchFileTest, GivesBackWhatWasWrittenAndHasNoName) {
    ScratchFile file(folder);
    file.reserve(100'000);
    const std::vector<float> values{1.5f, -2.0f, 3.25f};
    file.write(70'001, std::as_bytes(std::span(values)));
    std::vector<float> back(3);
    file.read(70'001, std::as_writable_bytes(std::span(back)));
    EXPECT_EQ(back, values);
    std::vector<std::byte> untouched(8, std::byte{7});
    file.read(0, untouched);
    EXPECT_EQ(untouched, std::vector<std::byte>(8));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(ScratchFileTest, ADiskThatIsTooSmallIsToldBeforeAnythingIsWritten) {
    ScratchFile file(folder);
    const auto message = message_of([&] { file.reserve(std::int64_t{1} << 55); }, ErrorCode::io);
    EXPECT_TRUE(contains(message, folder.string())) << message;
    EXPECT_TRUE(contains(message, "36028797019 MB are needed")) << message;
}

TEST_F(ScratchFileTest, WhatCannotBeIsAnError) {
    EXPECT_THROW(ScratchFile(folder / "missing"), Error);
    ScratchFile file(folder);
    std::vector<std::byte> bytes(1);
    EXPECT_THROW(file.read(0, bytes), Error) << "nothing is reserved";
}

}  // namespace
}  // namespace unet
