#include "unet/core/text/text.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

using Pieces = std::vector<std::string_view>;

TEST(Text, SplitsAtEachSeparator) {
    EXPECT_EQ(split("a,,b", ','), (Pieces{"a", "", "b"}));
    EXPECT_EQ(split("a,", ','), (Pieces{"a", ""}));
    EXPECT_EQ(split("", ','), (Pieces{""}));
    EXPECT_EQ(split_words(" a \tbc  ", " \t"), (Pieces{"a", "bc"}));
    EXPECT_EQ(split_words(",", ","), Pieces{});
}

TEST(Text, LinesEndAsOnUnixOrWindows) {
    EXPECT_EQ(split_lines("a\r\n\nb"), (Pieces{"a", "", "b"}));
    EXPECT_EQ(split_lines("a\n"), Pieces{"a"});
    EXPECT_EQ(split_lines(""), Pieces{});
}

TEST(Text, TrimsAndLowers) {
    EXPECT_EQ(trim("\t a b "), "a b");
    EXPECT_EQ(trim(" "), "");
    EXPECT_EQ(lower_case("\xC3\x84 OME.Tif"), "\xC3\x84 ome.tif");
    EXPECT_TRUE(ends_in("a.tif", ".tif"));
    EXPECT_FALSE(ends_in(".tif", ".tif"));
}

TEST(Text, CellsAreQuotedWhereTheyMust) {
    EXPECT_EQ(csv_cell("a b"), "a b");
    EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    EXPECT_EQ(csv_quoted("a"), "\"a\"");
    EXPECT_EQ(csv_fields("a,\"b,\"\"c\"\"\",", ','),
              (std::vector<std::string>{"a", "b,\"c\"", ""}));
}

}  // namespace
}  // namespace unet
