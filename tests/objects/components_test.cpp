#include "unet/objects/components.h"

#include <gtest/gtest.h>

#include "maps.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

TEST(ComponentsTest, NumbersRunInRasterOrderOfTheFirstPixel) {
    // The left arm of the first object is met after the second object, and joins it only at the
    // end.
    const LabelMap found = connected_components(map_of({
        "...a.aa",
        "aa.a..a",
        ".a.aa.a",
        ".aaa..a",
    }));
    EXPECT_EQ(found.values, map_of({
                                       "...a.bb",
                                       "aa.a..b",
                                       ".a.aa.b",
                                       ".aaa..b",
                                   })
                                .values);
}

TEST(ComponentsTest, EqualValuesOnlyAreJoined) {
    const LabelMap found = connected_components(map_of({"aabba", "ccbba"}));
    EXPECT_EQ(found.values, map_of({"aabbc", "ddbbc"}).values);
}

TEST(ComponentsTest, ADiagonalJoinsRunsThatEndAtTheSameColumn) {
    // `a` above ends where `b` below ends; the run behind `b` still touches `a` at a corner.
    const LabelMap found = connected_components(map_of({"aaa..", "bbbaa"}), Connectivity::eight);
    EXPECT_EQ(found.values, map_of({"aaa..", "bbbaa"}).values);
}

TEST(ComponentsTest, SlicesAreApartUnlessJoined) {
    LabelMap stack{{2, 1, 3}, {7, 0, 7, 7, 0, 0}, {}};
    EXPECT_EQ(connected_components(stack).values, (std::vector<std::uint32_t>{1, 0, 2, 3, 0, 0}));
    EXPECT_EQ(connected_components(stack, Connectivity::six).values,
              (std::vector<std::uint32_t>{1, 0, 2, 1, 0, 0}));
}

TEST(ComponentsTest, KeepsSizeAndSpacing) {
    LabelMap map = map_of({"a.", ".a"});
    map.spacing = {{0.0, 0.5, 0.25}, "um"};
    const LabelMap found = connected_components(map);
    EXPECT_EQ(found.size, map.size);
    EXPECT_EQ(found.spacing, map.spacing);
}

TEST(ComponentsTest, AnEmptyMapStaysEmpty) {
    EXPECT_TRUE(connected_components(LabelMap{{1, 0, 0}, {}, {}}).values.empty());
    EXPECT_EQ(connected_components(map_of({"..", ".."})).values,
              (std::vector<std::uint32_t>(4, 0)));
}

TEST(ComponentFinderTest, LeavesOutWhatIsSmallAndCountsTheRest) {
    ComponentFinder finder;
    for (const std::uint32_t number : {1u, 2u, 3u}) {  // one finder for maps of several sizes
        const Size3 size{2, 20 + 5 * number, 31};
        for (const std::int64_t minimum : {0, 1, 4, 40}) {
            LabelMap map = drawn_map(number, size, 2, 1, 60);
            LabelMap expected = connected_components(map);
            const std::int64_t kept = remove_small(expected, minimum);
            EXPECT_EQ(finder.find(map.values, size, Connectivity::four, minimum), kept);
            EXPECT_EQ(map.values, expected.values);
            EXPECT_GT(kept, 0);
        }
    }
}

}  // namespace
}  // namespace unet
