#include "unet/train/run/run_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

/// The folder is not there.
class RunFolderTest : public FolderTest {
protected:
    RunFolderTest() { std::filesystem::remove(folder); }
};

TEST_F(RunFolderTest, ARunIsNeverOverwritten) {
    const auto run = RunFolder::create(folder / "deep" / "run");
    write_file_atomically(run.last(), "weights");
    const auto message = message_of([&] { RunFolder::create(run.path()); });
    EXPECT_NE(message.find("holds a run already"), std::string::npos) << message;
    EXPECT_NE(message.find("`resume`"), std::string::npos) << message;
    EXPECT_EQ(read_text_file(run.last()), "weights");
    std::filesystem::rename(run.last(), run.model());
    EXPECT_THROW(RunFolder::create(run.path()), Error);
}

TEST_F(RunFolderTest, WhatEndedBeforeItsFirstCheckpointIsReplaced) {
    RunFolder::create(folder).add_metrics("{\"step\":3}");
    const auto run = RunFolder::create(folder);
    EXPECT_FALSE(std::filesystem::exists(run.metrics()));
}

TEST_F(RunFolderTest, FilesThatNoRunWroteAreNotReplaced) {
    for (const char* name : {"log.txt", "config.toml", "metrics.jsonl"}) {
        std::filesystem::create_directories(folder / name);
        const auto file = folder / name / name;
        write_file_atomically(file, "my notes");
        const auto message = message_of([&] { RunFolder::create(folder / name); });
        EXPECT_NE(message.find(fmt::format("holds a file '{}'", name)), std::string::npos)
            << message;
        EXPECT_EQ(read_text_file(file), "my notes");
    }
}

TEST_F(RunFolderTest, AFileInTheWayIsNamed) {
    std::filesystem::create_directories(folder);
    write_file_atomically(folder / "run", "x");
    EXPECT_NE(message_of([&] { RunFolder::create(folder / "run"); }).find("run"),
              std::string::npos);
    EXPECT_NE(message_of([&] { RunFolder::open(folder / "run"); }).find("it is a file"),
              std::string::npos);
}

TEST_F(RunFolderTest, ResumingSaysWhatIsMissing) {
    EXPECT_NE(message_of([&] { RunFolder::open(folder); }).find("there is no such folder"),
              std::string::npos);
    RunFolder::create(folder);
    EXPECT_NE(message_of([&] { RunFolder::open(folder); }).find("no last.safetensors"),
              std::string::npos);
}

TEST_F(RunFolderTest, LinesAfterTheCheckpointAreForgotten) {
    const auto run = RunFolder::create(folder);
    run.forget_after(0);  // no metrics yet: nothing to do
    for (const char* line : {"{\"step\":10,\"loss\":1.5}", "{\"step\":20,\"loss\":1.0}",
                             "{\"step\":20,\"score\":0.5}", "{\"step\":30,\"loss\":0.5}"})
        run.add_metrics(line);
    std::ofstream(run.metrics(), std::ios::app) << "{\"step\":1";  // cut off by kill -9
    run.forget_after(20);
    EXPECT_EQ(read_text_file(run.metrics()),
              "{\"step\":10,\"loss\":1.5}\n{\"step\":20,\"loss\":1.0}\n"
              "{\"step\":20,\"score\":0.5}\n");
    run.add_metrics("{\"step\":40}");
    EXPECT_EQ(read_text_file(run.metrics()).substr(70), "{\"step\":40}\n");
}

}  // namespace
}  // namespace unet
