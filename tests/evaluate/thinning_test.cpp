#include "unet/evaluate/thinning.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

std::vector<std::uint32_t> thinned(LabelMap map) {
    thin_borders(map.values, map.size.height, map.size.width);
    return map.values;
}

TEST(ThinningTest, SegmentsGrowUntilALinePartsThem) {
    EXPECT_EQ(thinned(map_of({"a...b",  //
                              "a...b"})),
              map_of({"aa.bb",  //
                      "aa.bb"})
                  .values);
}

TEST(ThinningTest, ASegmentAloneTakesEverything) {
    EXPECT_EQ(thinned(map_of({"a...", "...."})), map_of({"aaaa", "aaaa"}).values);
}

TEST(ThinningTest, WithoutASegmentTheSliceBecomesOne) {
    EXPECT_EQ(thinned(map_of({"...", "..."})), map_of({"aaa", "aaa"}).values);
}

TEST(ThinningTest, GrowthGoesByEdges) {
    EXPECT_EQ(thinned(map_of({"a..",  //
                              "...",  //
                              "..b"})),
              map_of({"aa.",  //
                      "a.b",  //
                      ".bb"})
                  .values);
}

}  // namespace
}  // namespace unet
