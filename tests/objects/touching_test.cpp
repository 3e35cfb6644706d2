#include "unet/objects/measuring/touching.h"

#include <gtest/gtest.h>

#include "maps.h"

namespace unet {
namespace {

TEST(TouchingTest, BothPixelsOfATouchingPairBecomeBackground) {
    EXPECT_EQ(separate_touching(map_of({
                                    "aaabbb",
                                    "aaabbb",
                                    "aaa...",
                                    "......",
                                    "cc.dd.",
                                    "cccdd.",
                                }))
                  .values,
              map_of({
                         "aa..bb",
                         "aa..bb",
                         "aaa...",
                         "......",
                         "cc.dd.",
                         "cc..d.",
                     })
                  .values);
}

TEST(TouchingTest, CornersDoNotTouchAndSlicesStandAlone) {
    EXPECT_EQ(separate_touching(map_of({"a.", ".b"})).values, map_of({"a.", ".b"}).values);
    const LabelMap stack{{2, 1, 2}, {1, 1, 2, 2}, {}};
    EXPECT_EQ(separate_touching(stack).values, stack.values);
}

TEST(TouchingTest, RowsAreLookedAtUpAndDown) {
    EXPECT_EQ(separate_touching(map_of({"a", "a", "b", "b", "b"})).values,
              map_of({"a", ".", ".", "b", "b"}).values);
}

TEST(TouchingTest, TheFirstAndTheLastColumnCount) {
    EXPECT_EQ(separate_touching(map_of({"abb"})).values, map_of({"..b"}).values);
    EXPECT_EQ(separate_touching(map_of({"aab"})).values, map_of({"a.."}).values);
}

TEST(TouchingTest, NothingTouchesAfterwards) {
    const LabelMap map = drawn_map(77, {2, 40, 60}, 3, 5, 20);
    const LabelMap parted = separate_touching(map);
    EXPECT_NE(parted.values, map.values);
    EXPECT_EQ(separate_touching(parted).values, parted.values);
}

}  // namespace
}  // namespace unet
