#include "unet/objects/spaced_distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "maps.h"

namespace unet {
namespace {

std::vector<std::uint8_t> marked_pixels(const LabelMap& map) {
    std::vector<std::uint8_t> marked(map.values.size());
    std::transform(map.values.begin(), map.values.end(), marked.begin(),
                   [](std::uint32_t value) { return value == 1 ? 1 : 0; });
    return marked;
}

/// Every pixel against every marked one.
double nearest(const std::vector<std::uint8_t>& marked, const Size3& size,
               const std::array<double, 3>& spacing, std::int64_t z, std::int64_t y,
               std::int64_t x) {
    double smallest = std::numeric_limits<double>::infinity();
    std::size_t place = 0;
    for (std::int64_t c = 0; c < size.depth; ++c)
        for (std::int64_t b = 0; b < size.height; ++b)
            for (std::int64_t a = 0; a < size.width; ++a)
                if (marked[place++] != 0) {
                    const double dz = static_cast<double>(z - c) * spacing[0];
                    const double dy = static_cast<double>(y - b) * spacing[1];
                    const double dx = static_cast<double>(x - a) * spacing[2];
                    smallest = std::min(smallest, dz * dz + dy * dy + dx * dx);
                }
    return smallest;
}

void expect_as_by_looking_everywhere(const LabelMap& map, const std::array<double, 3>& spacing) {
    const auto marked = marked_pixels(map);
    const auto squared = spaced_squared_distances(marked, map.size, spacing);
    std::size_t place = 0;
    for (std::int64_t z = 0; z < map.size.depth; ++z)
        for (std::int64_t y = 0; y < map.size.height; ++y)
            for (std::int64_t x = 0; x < map.size.width; ++x) {
                const double expected = nearest(marked, map.size, spacing, z, y, x);
                // A handful of roundings of numbers below 10^4.
                ASSERT_NEAR(squared[place++], expected, 1e-10) << z << " " << y << " " << x;
            }
}

TEST(SpacedDistanceTest, SlicesAndVolumesAreAsByLookingEverywhere) {
    for (const std::uint32_t number : {51u, 52u, 53u}) {
        expect_as_by_looking_everywhere(drawn_map(number, {1, 17, 23}, 3, 6, 40), {1.0, 0.7, 1.3});
        expect_as_by_looking_everywhere(drawn_map(number, {7, 9, 12}, 2, 9, 40), {3.1, 1.0, 0.4});
        expect_as_by_looking_everywhere(drawn_map(number, {5, 1, 13}, 2, 4, 40), {1.0, 1.0, 1.0});
    }
}

TEST(SpacedDistanceTest, WithoutAMarkedPixelItIsInfinite) {
    const std::vector<std::uint8_t> marked(6, 0);
    for (const double squared : spaced_squared_distances(marked, {1, 2, 3}, {1.0, 1.0, 1.0}))
        EXPECT_EQ(squared, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace unet
