#include "unet/objects/distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "maps.h"
#include "tests/testing/errors.h"

namespace unet {
namespace {

TEST(DistanceTest, AgreesWithBruteForceBothWays) {
    const LabelMap map = drawn_map(5, {3, 19, 23}, 1, 3, 93);
    const Size3& s = map.size;
    for (DistanceTo target : {DistanceTo::background, DistanceTo::foreground}) {
        const auto found = squared_distances(map, target, true);
        for (std::int64_t i = 0; i < s.elements(); ++i) {
            std::int64_t nearest = no_distance;
            for (std::int64_t j = 0; j < s.elements(); ++j) {
                const bool background = map.values[j] == 0;
                if (background != (target == DistanceTo::background)) continue;
                const std::int64_t area = s.height * s.width;
                const std::int64_t z = i / area - j / area;
                const std::int64_t y = i % area / s.width - j % area / s.width;
                const std::int64_t x = i % s.width - j % s.width;
                nearest = std::min(nearest, z * z + y * y + x * x);
            }
            ASSERT_EQ(found[i], nearest) << i;
        }
    }
}

TEST(DistanceTest, MayTakeThePlaceOfTheMap) {
    const LabelMap map = drawn_map(6, {1, 45, 83}, 2, 1, 5);
    std::vector<std::int32_t> values(map.values.begin(), map.values.end());
    SliceDistances().measure(reinterpret_cast<const std::uint32_t*>(values.data()), 83, 45, 83,
                             DistanceTo::background, values.data());
    EXPECT_EQ(values, squared_distances(map, DistanceTo::background));
}

TEST(DistanceTest, FarTargetsAreExact) {
    // One target in a corner of a long map: squares beyond 24 bits.
    LabelMap map{{1, 3, 20000}, std::vector<std::uint32_t>(60000, 0), {}};
    map.values[0] = 1;
    const auto found = squared_distances(map, DistanceTo::foreground);
    EXPECT_EQ(found[59999], 19999 * 19999 + 4);
    EXPECT_EQ(found[20000 + 12345], 12345 * 12345 + 1);
}

// Distances on both sides of those that are found by trying all, in rows and through slices.
TEST(DistanceTest, NearAndFarTargetsAreExactTogether) {
    for (const Size3& size : {Size3{1, 61, 301}, Size3{1, 301, 9}, Size3{150, 7, 21}}) {
        LabelMap map{
            size, std::vector<std::uint32_t>(static_cast<std::size_t>(size.elements())), {}};
        std::vector<std::array<std::int64_t, 3>> targets;
        for (std::uint32_t k = 0; k < 9; ++k) {
            const auto at = static_cast<std::int64_t>(hashed(k)) % size.elements();
            map.values[at] = 1;
            targets.push_back(
                {at / size.width / size.height, at / size.width % size.height, at % size.width});
        }
        const auto found = squared_distances(map, DistanceTo::foreground, true);
        for (std::int64_t i = 0; i < size.elements(); ++i) {
            const std::int64_t z = i / size.width / size.height, y = i / size.width % size.height,
                               x = i % size.width;
            std::int64_t nearest = no_distance;
            for (const auto& [tz, ty, tx] : targets)
                nearest = std::min(nearest,
                                   (z - tz) * (z - tz) + (y - ty) * (y - ty) + (x - tx) * (x - tx));
            ASSERT_EQ(found[i], nearest) << i;
        }
    }
}

TEST(DistanceTest, WithoutTargetThereIsNoDistance) {
    const auto found = squared_distances(map_of({"aa", "aa"}), DistanceTo::background);
    EXPECT_EQ(found, std::vector<std::int32_t>(4, no_distance));
}

TEST(DistanceTest, RefusesAMapWhoseDiagonalDoesNotFit) {
    LabelMap map{{1, 1, 50000}, std::vector<std::uint32_t>(50000, 0), {}};
    const auto message =
        message_of([&] { squared_distances(map, DistanceTo::background); }, ErrorCode::unsupported);
    EXPECT_TRUE(contains(message, "1x50000")) << message;
}

}  // namespace
}  // namespace unet
