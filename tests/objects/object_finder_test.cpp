#include "unet/objects/object_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/objects/maps.h"
#include "tests/testing/errors.h"
#include "unet/objects/ids.h"
#include "unet/objects/sizes.h"
#include "unet/objects/watershed/watershed.h"

namespace unet {
namespace {

/// What the watershed gives, which keeps the basin of every pixel and numbers pixel by pixel;
/// without a depth, everything connected.
LabelMap expected_objects(const LabelMap& map, const ObjectRule& rule) {
    LabelMap objects = map;
    Watershed landscape;
    landscape.find(map.values, map.size);
    landscape.merge(
        rule.split_depth > 0.0 ? rule.split_depth : std::numeric_limits<double>::infinity(),
        rule.minimum_pixels, objects.values);
    return objects;
}

/// Row by row in, `rows` at a time out.
LabelMap streamed(ObjectFinder& finder, const LabelMap& map, const ObjectRule& rule,
                  std::int64_t rows) {
    finder.start(map.size, rule);
    const std::int64_t width = map.size.width, all = map.size.depth * map.size.height;
    for (std::int64_t row = 0; row < all; ++row) finder.append(map.values.data() + row * width);
    finder.finish();
    finder.shrink();
    LabelMap objects = map;
    for (std::int64_t row = 0; row < all; row += rows)
        finder.draw(
            row, std::span(objects.values).subspan(row * width, std::min(rows, all - row) * width));
    EXPECT_EQ(finder.count(), count_objects(objects));
    return objects;
}

LabelMap ring_map(Size3 size, std::int64_t thickness) {
    LabelMap map{size, {}, {}};
    for (std::int64_t y = 0; y < size.height; ++y)
        for (std::int64_t x = 0; x < size.width; ++x) {
            const std::int64_t inside = std::min({y, x, size.height - 1 - y, size.width - 1 - x});
            map.values.push_back(inside / thickness % 2 == 0 ? 1 : 0);
        }
    return map;
}

/// One piece that goes to and fro over the whole map.
LabelMap snake_map(Size3 size) {
    LabelMap map{size, {}, {}};
    for (std::int64_t y = 0; y < size.height; ++y)
        for (std::int64_t x = 0; x < size.width; ++x) {
            const std::int64_t end = y / 8 % 2 == 0 ? size.width - 3 : 2;
            map.values.push_back(y % 8 < 5 || (x >= end - 2 && x <= end) ? 1 : 0);
        }
    return map;
}

std::string message_of(ObjectFinder& finder, const LabelMap& map, const ObjectRule& rule) {
    return message_of(
        [&] {
            LabelMap objects = map;
            finder.find(objects.values, objects.size, rule);
        },
        ErrorCode::memory);
}

TEST(ObjectFinderTest, RowsGiveWhatTheWholeMapGives) {
    ObjectFinder finder;
    for (std::uint32_t number = 0; number < 40; ++number) {
        const LabelMap map = drawn_map(number, {1 + number % 3, 20 + number, 45 + 7 * (number % 4)},
                                       1 + number % 4, 1, 20 + 10 * (number % 5));
        for (const double depth : {0.0, 0.3, 1.0})
            for (const std::int64_t minimum : {0, 7}) {
                const ObjectRule rule{depth, minimum};
                const LabelMap expected = expected_objects(map, rule);
                LabelMap found = map;
                EXPECT_EQ(finder.find(found.values, found.size, rule), count_objects(expected));
                ASSERT_EQ(found.values, expected.values) << number << ", depth " << depth;
                for (const std::int64_t rows : {1, 7, 1000})
                    ASSERT_EQ(streamed(finder, map, rule, rows).values, expected.values)
                        << number << ", depth " << depth << ", rows " << rows;
            }
    }
}

// A parted object at the edge goes, its neighbour stays.
TEST(ObjectFinderTest, WithoutObjectsAtTheEdge) {
    ObjectFinder finder;
    for (std::uint32_t number = 0; number < 20; ++number) {
        const LabelMap map = drawn_map(number, {2, 30, 40}, 2 + number % 3, 1, 40);
        for (const double depth : {0.0, 0.3}) {
            LabelMap expected = expected_objects(map, {depth, 3});
            std::vector<bool> at_edge(expected.values.size() + 1, false);
            for (std::size_t i = 0; i < expected.values.size(); ++i) {
                const std::size_t y = i / 40 % 30, x = i % 40;
                if (y == 0 || y == 29 || x == 0 || x == 39) at_edge[expected.values[i]] = true;
            }
            for (std::uint32_t& id : expected.values) id = at_edge[id] ? 0 : id;
            relabel(expected);
            EXPECT_GT(count_objects(expected), 0);
            const ObjectRule rule{depth, 3, false, true};
            EXPECT_EQ(streamed(finder, map, rule, 5).values, expected.values) << number;
        }
    }
}

TEST(ObjectFinderTest, HolesAreFilledBeforeObjectsAreParted) {
    LabelMap rings = ring_map({1, 60, 80}, 3), filled = rings;
    std::fill(filled.values.begin(), filled.values.end(), 1u);
    const ObjectRule rule{0.5, 0, true};
    ObjectFinder finder;
    EXPECT_EQ(streamed(finder, rings, rule, 9).values, expected_objects(filled, rule).values);
    finder.limit_memory(1'000);
    EXPECT_NE(message_of(finder, rings, rule).find("rows takes"), std::string::npos);
}

TEST(ObjectFinderTest, OddMaps) {
    LabelMap full = snake_map({1, 40, 60}), empty = full;
    std::fill(full.values.begin(), full.values.end(), 1u);
    std::fill(empty.values.begin(), empty.values.end(), 0u);
    ObjectFinder finder;
    for (const LabelMap& map :
         {full, empty, snake_map({1, 90, 70}), ring_map({1, 61, 80}, 1), ring_map({1, 120, 90}, 4),
          map_of({"a"}), map_of({"."}), map_of({"a.aa.aaaa"})})
        for (const double depth : {0.0, 0.1, 0.7}) {
            const ObjectRule rule{depth, 2};
            EXPECT_EQ(streamed(finder, map, rule, 4).values, expected_objects(map, rule).values);
        }
}

// The runs of noise; of one large piece the window.
TEST(ObjectFinderTest, BeforeItTakesMoreThanTheLimitItSaysHowMuchIsMissing) {
    ObjectFinder finder;
    const LabelMap noise = drawn_map(1, {1, 400, 500}, 1, 1, 50);
    finder.limit_memory(100'000);
    EXPECT_NE(message_of(finder, noise, {}).find("of 400 rows takes"), std::string::npos)
        << message_of(finder, noise, {});
    LabelMap full = noise;
    std::fill(full.values.begin(), full.values.end(), 1u);
    const std::string told = message_of(finder, full, {.split_depth = 1.0});
    EXPECT_NE(told.find("400 x 500 pixels takes"), std::string::npos) << told;
    EXPECT_NE(told.find("a split depth of 0"), std::string::npos) << told;
    EXPECT_EQ(message_of(finder, full, {}), "");
    // What it says is what it needs.
    const std::string words = "allow ";
    const std::int64_t more = std::stoll(told.substr(told.find(words) + words.size()));
    finder.limit_memory(100'000 + more - 1);
    EXPECT_NE(message_of(finder, full, {.split_depth = 1.0}), "");
    finder.limit_memory(100'000 + more);
    EXPECT_EQ(message_of(finder, full, {.split_depth = 1.0}), "");
}

// Of specks most are flooded at once, unless that takes too much.
TEST(ObjectFinderTest, ALimitLeavesNoTrace) {
    const LabelMap noise = drawn_map(2, {2, 150, 170}, 1, 1, 60);
    const ObjectRule rule{0.2, 2};
    const LabelMap expected = expected_objects(noise, rule);
    ObjectFinder finder;
    finder.limit_memory(500'000);
    EXPECT_EQ(streamed(finder, noise, rule, 10).values, expected.values);
    EXPECT_GT(ComponentFloods::bytes(noise.size), 500'000);
}

}  // namespace
}  // namespace unet
