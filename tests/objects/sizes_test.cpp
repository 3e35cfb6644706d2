#include "unet/objects/sizes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "maps.h"

namespace unet {
namespace {

TEST(SizesTest, CountsPixelsPerObjectInRasterOrder) {
    const auto sizes = object_sizes(map_of({".ccc", "a..c", "a..b"}));
    EXPECT_EQ(sizes, (std::vector<ObjectSize>{{3, 4}, {1, 2}, {2, 1}}));
    EXPECT_EQ(count_objects(map_of({".ccc", "a..c", "a..b"})), 3);
    EXPECT_EQ(count_objects(map_of({"...", "..."})), 0);
}

TEST(SizesTest, RemovesObjectsBelowTheMinimumAndClosesTheGap) {
    LabelMap map = map_of({"a.bb", "..bb", "c.dd"});
    EXPECT_EQ(remove_small(map, 2), 2);
    EXPECT_EQ(map.values, map_of({"..aa", "..aa", "..bb"}).values);
    EXPECT_EQ(remove_small(map, 3), 1);
    EXPECT_EQ(remove_small(map, 5), 0);
    EXPECT_EQ(map.values, std::vector<std::uint32_t>(12, 0));
}

TEST(SizesTest, DiametersAreThoseOfDiscsOfEqualArea) {
    // Four pixels in the first slice, one in the second: two cross-sections of object 1.
    LabelMap map{{2, 2, 2}, {1, 1, 1, 1, 0, 0, 1, 0}, {}};
    const auto diameters = equivalent_diameters(map);
    ASSERT_EQ(diameters.size(), 2u);
    EXPECT_DOUBLE_EQ(diameters[0], std::sqrt(16.0 / M_PI));
    EXPECT_DOUBLE_EQ(diameters[1], std::sqrt(4.0 / M_PI));
}

TEST(SizesTest, AreasOfPiecesAddUp) {
    const LabelMap map = map_of({".ccc", "a..c", "a..b"});
    ObjectAreas areas;
    areas.add(std::span(map.values).first(5));
    areas.add(std::span(map.values).subspan(5));
    EXPECT_EQ(areas.pixels(), (std::vector<std::int64_t>{4, 2, 1}));
    areas.clear();
    areas.add(std::span(map.values).last(1));
    EXPECT_EQ(areas.pixels(), (std::vector<std::int64_t>{1}));
}

}  // namespace
}  // namespace unet
