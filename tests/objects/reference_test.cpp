// Components, distances and outlines of drawn maps are those of scikit-image and SciPy
// (reference_values.py), pixel for pixel.

#include <gtest/gtest.h>

#include <algorithm>

#include "maps.h"
#include "reference_values.h"
#include "unet/objects/components.h"
#include "unet/objects/distance.h"
#include "unet/objects/object_finder.h"
#include "unet/objects/outlines.h"

namespace unet {
namespace {

class ReferenceTest : public testing::TestWithParam<std::size_t> {
protected:
    const ReferenceValues& expected() const { return reference_values[GetParam()]; }
    LabelMap map() const {
        const auto& m = expected().map;
        return drawn_map(static_cast<std::uint32_t>(GetParam()), {m.depth, m.height, m.width},
                         m.block, m.values, m.background);
    }
};

TEST_P(ReferenceTest, DrawsTheSameMap) {
    EXPECT_EQ(checksum(map().values), expected().checksums[0]);
}

TEST_P(ReferenceTest, ComponentsAreThoseOfScikitImage) {
    const Connectivity kinds[] = {Connectivity::four, Connectivity::eight, Connectivity::six,
                                  Connectivity::twenty_six};
    for (std::size_t i = 0; i < 4; ++i) {
        const LabelMap found = connected_components(map(), kinds[i]);
        EXPECT_EQ(*std::max_element(found.values.begin(), found.values.end()), expected().counts[i])
            << i;
        EXPECT_EQ(checksum(found.values), expected().checksums[1 + i]) << i;
    }
}

TEST_P(ReferenceTest, SquaredDistancesAreThoseOfSciPy) {
    EXPECT_EQ(checksum(squared_distances(map(), DistanceTo::background)), expected().checksums[5]);
    EXPECT_EQ(checksum(squared_distances(map(), DistanceTo::background, true)),
              expected().checksums[6]);
}

TEST_P(ReferenceTest, OutlinesAreThoseOfScikitImage) {
    EXPECT_EQ(checksum(outlines(map()).values), expected().checksums[7]);
}

TEST_P(ReferenceTest, HolesAndObjectsAtTheEdgeAreThoseOfSciPyAndScikitImage) {
    LabelMap foreground = map();
    for (std::uint32_t& value : foreground.values) value = value != 0 ? 1 : 0;
    LabelMap filled = foreground, inner = foreground;
    ObjectFinder finder;
    finder.find(filled.values, filled.size, {.fill_holes = true});
    EXPECT_EQ(checksum(filled.values), expected().checksums[8]);
    finder.find(inner.values, inner.size, {.drop_border = true});
    EXPECT_EQ(checksum(inner.values), expected().checksums[9]);
}

INSTANTIATE_TEST_SUITE_P(Maps, ReferenceTest, testing::Range<std::size_t>(0, 9));

}  // namespace
}  // namespace unet
