#include "unet/core/text/unicode.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

// Expected values by Python: str.encode, bytes.decode("utf-8", "replace"), unicodedata.normalize.

TEST(Unicode, WhatIsNoUtf8IsReplacedInAnswersAndLatin1InTexts) {
    EXPECT_EQ(as_utf8("caf\xE9.tif"), "caf\xEF\xBF\xBD.tif");
    EXPECT_EQ(from_latin1("caf\xE9.tif"), "caf\xC3\xA9.tif");
    for (const char* text : {"", "a.tif", "caf\xC3\xA9", "\xE7\xB4\xB0", "\xF0\x9F\x94\xAC"}) {
        EXPECT_EQ(as_utf8(text), text);
        EXPECT_EQ(from_latin1(text), text);
    }
    EXPECT_EQ(as_utf8("\xC3"), "\xEF\xBF\xBD");              // cut off
    EXPECT_EQ(from_latin1("\xC0\xAF"), "\xC3\x80\xC2\xAF");  // longer than it has to be
}

TEST(Unicode, MarksAndUtf16AreTakenOffFiles) {
    using namespace std::literals;
    EXPECT_EQ(without_mark("\xEF\xBB\xBFimage"), "image");
    EXPECT_EQ(without_mark("\xFF\xFEg\0\xF6\0\x2C\xD8\xDE\xDC"sv), "g\xC3\xB6\xF0\x9B\x83\x9E");
    EXPECT_EQ(without_mark("\xFE\xFF\0g\0\xF6"sv), "g\xC3\xB6");
    EXPECT_EQ(without_mark("{\0}\0"sv), "{}");
    EXPECT_EQ(without_mark("\0{\0}"sv), "{}");
    EXPECT_EQ(without_mark("\xFF\xFE\0\xD8"sv), "\xEF\xBF\xBD");  // half of a pair
    EXPECT_EQ(without_mark("caf\xE9"), "caf\xE9");
    EXPECT_EQ(without_mark(""), "");
    EXPECT_EQ(without_mark("a"), "a");
}

TEST(Unicode, NamesThatLookTheSameCompareEqual) {
    const std::string composed = "Gr\xC3\xB6\xC3\x9F\x65", decomposed = "Gro\xCC\x88\xC3\x9F\x65";
    EXPECT_NE(composed, decomposed);
    EXPECT_EQ(comparable_name(decomposed), composed);
    EXPECT_EQ(comparable_name(composed), composed);
    EXPECT_EQ(comparable_name("Gr\xF6\xDF\x65"), composed);  // Latin-1
    // Hangul, and marks in another order.
    EXPECT_EQ(comparable_name("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"), "\xED\x95\x9C");
    EXPECT_EQ(comparable_name("a\xCC\x81\xCC\xA3"), comparable_name("a\xCC\xA3\xCC\x81"));
    // Letters that only resemble each other stay apart.
    EXPECT_NE(comparable_name("\xEF\xAC\x81"), comparable_name("fi"));
    EXPECT_NE(comparable_name("A"), comparable_name("a"));
}

}  // namespace
}  // namespace unet
