#include "unet/core/error.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

std::string as_flags(std::string_view text) {
    return with_settings_shown(text,
                               [](std::string_view name) { return fmt::format("--{}", name); });
}

TEST(Error, NamesTheSettingThatHasToChange) {
    try {
        fail_setting("max_ram", ErrorCode::memory, "`max_ram` is {} bytes", 3);
    } catch (const Error& error) {
        EXPECT_EQ(error.setting(), "max_ram");
        EXPECT_STREQ(error.what(), "`max_ram` is 3 bytes");
    }
    EXPECT_EQ(Error(ErrorCode::io, "no such file").setting(), "");
}

TEST(Error, SettingsAreShownInTheWordsOfWhoShowsThem) {
    EXPECT_EQ(as_flags("`max_ram` is 3, `tile` is 5"), "--max_ram is 3, --tile is 5");
    EXPECT_EQ(as_flags("`only`"), "--only");
    EXPECT_EQ(as_flags(""), "");
}

TEST(Error, OtherTextInBackquotesStays) {
    EXPECT_EQ(as_flags("`two words` and `tile`"), "`two words` and --tile");
    EXPECT_EQ(as_flags("`Upper` `` `tile"), "`Upper` `` `tile");
    EXPECT_EQ(as_flags("a`b c`tile`"), "a`b c--tile");
}

}  // namespace
}  // namespace unet
