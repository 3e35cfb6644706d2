#include "unet/objects/nearest_two.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <algorithm>
#include <array>
#include <map>

#include "maps.h"
#include "unet/core/error.h"

namespace unet {
namespace {

struct Found {
    std::int64_t squared;
    std::uint32_t id;
    // NOLINTNEXTLINE(modernize-use-nullptr): means the 0 that is compared with
    auto operator<=>(const Found&) const = default;
};

/// The two nearest objects of a pixel by looking at every pixel of its slice.
std::array<Found, 2> search_all(const LabelMap& map, std::int64_t z, std::int64_t y, std::int64_t x,
                                std::int64_t reach) {
    std::map<std::uint32_t, std::int64_t> nearest;
    for (std::int64_t v = 0; v < map.size.height; ++v)
        for (std::int64_t u = 0; u < map.size.width; ++u) {
            const std::uint32_t id = map.plane(z)[v * map.size.width + u];
            const std::int64_t squared = (y - v) * (y - v) + (x - u) * (x - u);
            if (id == 0 || squared > reach * reach) continue;
            const auto [place, added] = nearest.try_emplace(id, squared);
            if (!added) place->second = std::min(place->second, squared);
        }
    std::vector<Found> found{{beyond_reach, 0}, {beyond_reach, 0}};
    for (const auto& [id, squared] : nearest) found.push_back({squared, id});
    std::sort(found.begin(), found.end());
    return {found[0], found[1]};
}

void expect_exact(const LabelMap& map, std::int64_t reach) {
    const NearestTwo found = nearest_two(map, reach);
    ASSERT_EQ(found.size, map.size);
    std::size_t i = 0;
    for (std::int64_t z = 0; z < map.size.depth; ++z)
        for (std::int64_t y = 0; y < map.size.height; ++y)
            for (std::int64_t x = 0; x < map.size.width; ++x, ++i) {
                const auto expected = search_all(map, z, y, x, reach);
                const std::array<Found, 2> actual{
                    Found{found.first_squared[i], found.first_id[i]},
                    Found{found.second_squared[i], found.second_id[i]}};
                ASSERT_EQ(actual, expected) << "z " << z << " y " << y << " x " << x << " reach "
                                            << reach << " of " << to_string(map.size);
            }
}

// 31 is the reach of the paper's border term, 181 the last one of the 32-bit keys.
constexpr std::int64_t reaches[] = {0, 1, 5, 31, 181, 182, max_reach};

TEST(NearestTwoTest, AgreesWithBruteForceOnSparseMaps) {
    for (std::int64_t reach : reaches) expect_exact(drawn_map(1, {1, 37, 53}, 1, 9, 97), reach);
}

TEST(NearestTwoTest, AgreesWithBruteForceWhereObjectsTouch) {
    for (std::int64_t reach : reaches) expect_exact(drawn_map(2, {1, 33, 47}, 4, 30, 30), reach);
    for (std::int64_t reach : reaches) expect_exact(drawn_map(3, {1, 20, 20}, 3, 400, 0), reach);
}

TEST(NearestTwoTest, AgreesWithBruteForceOnMapsOfOneRowOrColumn) {
    for (std::int64_t reach : reaches) {
        expect_exact(drawn_map(4, {1, 1, 70}, 2, 5, 60), reach);
        expect_exact(drawn_map(4, {1, 70, 1}, 2, 5, 60), reach);
        expect_exact(map_of({"a"}), reach);
        expect_exact(map_of({"."}), reach);
    }
}

TEST(NearestTwoTest, SlicesAreForThemselves) {
    expect_exact(drawn_map(5, {3, 12, 19}, 2, 6, 80), 31);
}

TEST(NearestTwoTest, RowsFarApartSeeEachOtherAcrossBands) {
    // Two objects at the ends of a map taller than a band of rows.
    LabelMap map{{1, 200, 3}, std::vector<std::uint32_t>(600, 0), {}};
    map.values[1] = 5;
    map.values[597] = 6;
    for (std::int64_t reach : {31, 100, 181, 300}) expect_exact(map, reach);
    expect_exact(drawn_map(6, {1, 150, 7}, 1, 4, 98), 40);
}

TEST(NearestTwoTest, LargeIdsAreKept) {
    LabelMap map = drawn_map(7, {1, 25, 31}, 2, 6, 75);
    for (std::uint32_t& value : map.values)
        if (value != 0) value += 0xFFFFFFF0u;
    expect_exact(map, 31);
    for (std::uint32_t& value : map.values)
        if (value != 0) value -= 0xFFFFFFF0u - 65535u;  // 65536 and above: just beyond 16 bits
    expect_exact(map, 31);
}

TEST(NearestTwoTest, OneObjectHasNoSecond) {
    const NearestTwo found = nearest_two(map_of({"aa..", "a..."}), 31);
    EXPECT_EQ(found.first_squared, (std::vector<std::int32_t>{0, 0, 1, 4, 0, 1, 2, 5}));
    EXPECT_EQ(found.first_id, std::vector<std::uint32_t>(8, 1));
    EXPECT_EQ(found.second_squared, std::vector<std::int32_t>(8, beyond_reach));
    EXPECT_EQ(found.second_id, std::vector<std::uint32_t>(8, 0));
}

TEST(NearestTwoTest, EveryInstructionSetGivesTheSame) {
    const LabelMap map = drawn_map(8, {1, 90, 101}, 4, 60, 85);
    const auto expected = nearest_two(map, 31);
    const auto targets = hwy::SupportedAndGeneratedTargets();
    ASSERT_FALSE(targets.empty());
    for (std::int64_t target : targets) {
        hwy::GetChosenTarget().Update(target);
        const auto found = nearest_two(map, 31);
        EXPECT_EQ(found.first_squared, expected.first_squared) << hwy::TargetName(target);
        EXPECT_EQ(found.second_squared, expected.second_squared) << hwy::TargetName(target);
        EXPECT_EQ(found.first_id, expected.first_id) << hwy::TargetName(target);
        EXPECT_EQ(found.second_id, expected.second_id) << hwy::TargetName(target);
        expect_exact(drawn_map(9, {1, 12, 40}, 2, 9, 70), 200);  // 64-bit keys
    }
    hwy::GetChosenTarget().DeInit();
}

TEST(NearestTwoTest, RefusesAReachThatDoesNotFit) {
    EXPECT_THROW(nearest_two(map_of({"a"}), -1), Error);
    EXPECT_THROW(nearest_two(map_of({"a"}), max_reach + 1), Error);
}

}  // namespace
}  // namespace unet
