#include "unet/core/files/temporary_name.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "unet/core/system/process.h"

namespace unet {
namespace {

/// The number of a process that has ended.
pid_t ended_process() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

TEST(TemporaryName, IsBesideItsTargetAndNeverTheSame) {
    const auto first = temporary_name("folder/a.tif"), second = temporary_name("folder/a.tif");
    EXPECT_NE(first, second);
    EXPECT_EQ(first.parent_path(), "folder");
    EXPECT_TRUE(first.filename().string().starts_with("a.tif."));
    EXPECT_EQ(first.extension(), ".tmp");
}

TEST(TemporaryName, OfLongNamesFitsAndIsKnownAgain) {
    std::string wide = "a";
    for (int i = 0; i < 82; ++i) wide += "\xE7\xB4\xB0";
    for (const std::string& target :
         {std::string(255, 'n'), wide + "b.tif", std::string("a.tif")}) {
        const auto name = temporary_name("folder/" + target);
        EXPECT_LE(name.filename().string().size() + std::string(".old").size(), 255u);
        EXPECT_TRUE(is_temporary_of(name, "folder/" + target));
        EXPECT_TRUE(is_temporary_of(temporary_name("folder/" + target + ".tiles"), target));
        EXPECT_FALSE(is_temporary_of(name, "folder/b" + target));
        EXPECT_FALSE(is_abandoned(name));
    }
    EXPECT_FALSE(is_temporary_of(temporary_name("ab.tif"), "a"));
    // No character is cut in two: 215 bytes are kept, and 1 + 71 * 3 are whole ones.
    EXPECT_EQ(temporary_name(wide + "b.tif").string().substr(0, 215), wide.substr(0, 214) + ".");
}

TEST(TemporaryName, IsAbandonedWhenItsProgramOnThisMachineHasEnded) {
    const std::string alive = temporary_name("a.tif").string();
    EXPECT_FALSE(is_abandoned(alive));
    // a.tif.MACHINE-PROCESS-COUNT.tmp
    std::string ended = alive;
    const auto number = ended.find('-') + 1;
    ended.replace(number, ended.find('-', number) - number, std::to_string(ended_process()));
    EXPECT_TRUE(is_abandoned(ended));
    std::string elsewhere = ended;
    char& digit = elsewhere[elsewhere.find('-') - 1];
    digit = digit == '0' ? '1' : '0';
    EXPECT_FALSE(is_abandoned(elsewhere));
    for (const char* other : {"a.tif", "a.tmp", ".tmp", "a.tif.1-0.tmp", ""})
        EXPECT_FALSE(is_abandoned(other)) << other;
}

TEST(HasEnded, TellsProcessesOfThisMachineApart) {
    EXPECT_FALSE(system::has_ended(::getpid()));
    EXPECT_TRUE(system::has_ended(ended_process()));
}

}  // namespace
}  // namespace unet
