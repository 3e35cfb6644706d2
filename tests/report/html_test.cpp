#include "unet/report/html.h"

#include <gtest/gtest.h>

#include <string>

namespace unet {
namespace {

TEST(Html, MarkupIsEscaped) {
    EXPECT_EQ(escaped("<b a=\"x\" b='y'> & é"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt; &amp; é");
    EXPECT_EQ(escaped("line\nnext\t"), "line\nnext\t");
}

TEST(Html, WhatIsNoTextIsReplaced) {
    const std::string gap = "\xEF\xBF\xBD";
    EXPECT_EQ(escaped("a\xFF"
                      "b"),
              "a" + gap + "b");
    EXPECT_EQ(escaped("\xC3"), gap);                      // cut off
    EXPECT_EQ(escaped("\xC0\xAF"), gap + gap);            // too long a form of '/'
    EXPECT_EQ(escaped("\xED\xA0\x80"), gap + gap + gap);  // a surrogate
    EXPECT_EQ(escaped(std::string_view("\0\x1B", 2)), gap + gap);
    EXPECT_EQ(escaped("\xF0\x9F\x94\xAC"), "\xF0\x9F\x94\xAC");
}

// The vectors of RFC 4648, section 10.
TEST(Html, Base64) {
    const auto encoded = [](std::string_view text) {
        return base64(std::as_bytes(std::span(text.data(), text.size())));
    };
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encoded("\xFF\xFE\xFD"), "//79");
}

TEST(Html, NumbersAreGrouped) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(-1234567), "-1,234,567");
    EXPECT_EQ(counted(1, "object"), "1 object");
    EXPECT_EQ(counted(1000, "object"), "1,000 objects");
}

}  // namespace
}  // namespace unet
