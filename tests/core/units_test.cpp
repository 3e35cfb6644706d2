#include "unet/core/text/units.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

TEST(Units, AreFoundByTheNamesOfFormats) {
    EXPECT_EQ(length_unit("nm")->micrometres, 1e-3);
    EXPECT_EQ(length_unit("millimeter", &LengthUnit::word)->symbol, "mm");
    EXPECT_EQ(length_unit("\xC2\xB5m", &LengthUnit::ome)->symbol, "um");
    EXPECT_EQ(length_unit("parsec"), nullptr);
    EXPECT_EQ(length_unit(""), nullptr);
}

TEST(Units, OnlySomeAreCompared) {
    EXPECT_EQ(metres_per_unit("um"), 1e-6);
    EXPECT_EQ(metres_per_unit("cm"), 0.0);
    EXPECT_EQ(metres_per_unit(""), 0.0);
}

TEST(Units, MicrometresHaveManyNames) {
    for (const char* name : {"um", "micron", "\xC2\xB5m", "\xCE\xBCm"})
        EXPECT_EQ(unit_symbol(name), "um");
    EXPECT_EQ(unit_symbol("pixel"), "");
    EXPECT_EQ(unit_symbol("inch"), "inch");
}

}  // namespace
}  // namespace unet
