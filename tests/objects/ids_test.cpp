#include "unet/objects/ids.h"

#include <gtest/gtest.h>

#include "maps.h"
#include "tests/testing/errors.h"

namespace unet {
namespace {

TEST(IdTableTest, NumbersValuesInOrderOfAppearance) {
    const std::vector<std::uint32_t> values{0, 9, 9, 3, 0, 9, 4};
    const IdTable table(values);
    EXPECT_EQ(table.ids(), (std::vector<std::uint32_t>{9, 3, 4}));
    EXPECT_EQ(table.index(4), 2u);
}

TEST(IdTableTest, TakesAnyIdWithoutATableOfItsSize) {
    const std::vector<std::uint32_t> values{0xFFFFFFFFu, 5, 0xFFFFFFFEu, 5, 0xFFFFFFFFu};
    const IdTable table(values);
    EXPECT_EQ(table.ids(), (std::vector<std::uint32_t>{0xFFFFFFFFu, 5, 0xFFFFFFFEu}));
    EXPECT_EQ(table.index(0xFFFFFFFEu), 2u);
}

TEST(CheckIdsTest, TheLastOf32BitsIsTheLast) {
    EXPECT_NO_THROW(check_ids(4294967295, "objects", {1, 70000, 70000}));
    EXPECT_EQ(message_of(
                  [] {
                      check_ids(4294967296, "objects", {1, 70000, 70000});
                  },
                  ErrorCode::unsupported),
              "found more than 4294967295 objects in a map of 70000x70000, and their "
              "numbers have 32 bits: parts of it, or a larger smallest object, give fewer");
}

TEST(RelabelTest, RenumbersInRasterOrderAndKeepsPiecesTogether) {
    LabelMap map{{1, 2, 4}, {70000, 70000, 0, 3, 3, 0, 4000000000u, 70000}, {}};
    EXPECT_EQ(relabel(map), 3);
    EXPECT_EQ(map.values, (std::vector<std::uint32_t>{1, 1, 0, 2, 2, 0, 3, 1}));
}

}  // namespace
}  // namespace unet
