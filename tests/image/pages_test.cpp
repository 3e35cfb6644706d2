#include "unet/image/pages.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"

namespace unet {
namespace {

using Pages = std::vector<std::int64_t>;

TEST(PagesTest, NumbersSpansAndLists) {
    EXPECT_EQ(parse_pages("3", "p").resolve(4, "f"), (Pages{3}));
    EXPECT_EQ(parse_pages("0-3", "p").resolve(4, "f"), (Pages{0, 1, 2, 3}));
    EXPECT_EQ(parse_pages("0-2,5", "p").resolve(6, "f"), (Pages{0, 1, 2, 5}));
    EXPECT_EQ(parse_pages("5,0-1", "p").resolve(6, "f"), (Pages{5, 0, 1}));
}

TEST(PagesTest, OtherTextIsRefusedWithAnExample) {
    for (const char* text : {"", "-", "a", "3-", "-3", "3,", ",3", "5-2", "1 2", "1-2-3", "+1",
                             "0x3", "99999999999999999999", "1.5"}) {
        const auto message = message_of([&] { parse_pages(text, "`pages`"); });
        EXPECT_TRUE(contains(message, "`pages`: found '")) << text << ": " << message;
        EXPECT_TRUE(contains(message, "0-17")) << message;
    }
}

TEST(PagesTest, TwiceIsRefused) {
    EXPECT_TRUE(contains(message_of([] { parse_pages("0-4,3", "p"); }), "page 3 twice"));
    EXPECT_TRUE(contains(message_of([] { parse_pages("3,0-4", "p"); }), "page 3 twice"));
}

TEST(PagesTest, BeyondTheEndSaysHowManyThereAre) {
    const auto message = message_of([] { parse_pages("0-18", "p").resolve(18, "a.tif"); });
    EXPECT_TRUE(contains(message, "a.tif: page 18")) << message;
    EXPECT_TRUE(contains(message, "there are 18")) << message;
    // Nothing is allocated for a span that is not there.
    EXPECT_NE(message_of([] { parse_pages("0-9000000000000000000", "p").resolve(4, "f"); }), "");
}

}  // namespace
}  // namespace unet
