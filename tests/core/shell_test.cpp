#include "unet/core/text/shell.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

namespace unet {
namespace {

/// What a shell makes of a word.
std::string echoed(const std::string& word) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
        popen(("printf %s " + word).c_str(), "r"), pclose);
    std::string text;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get()))
        text += static_cast<char>(c);
    return text;
}

TEST(ShellTest, PlainWordsStayAsTheyAre) {
    for (const char* word : {"runs/nuclei", "a.tif", "+10m", "\xC3\xA9t\xC3\xA9"})
        EXPECT_EQ(shell_word(word), word);
}

TEST(ShellTest, AShellReadsEveryWordBack) {
    for (const char* word : {"runs/my data", "it's", "a\"b", "$HOME", "a;b", "*", "~", "a\\b", "#1",
                             "", "new\nline", "(1)", "a&b"})
        EXPECT_EQ(echoed(shell_word(word)), word);
}

TEST(ShellTest, AWordIsNeverAFlag) { EXPECT_EQ(shell_word("-x y"), "'./-x y'"); }

}  // namespace
}  // namespace unet
