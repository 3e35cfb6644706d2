#include "unet/objects/watershed/watershed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "tests/objects/maps.h"
#include "unet/core/math.h"
#include "unet/objects/components.h"
#include "unet/objects/distance.h"
#include "unet/objects/ids.h"
#include "unet/objects/object_finder.h"
#include "unet/objects/sizes.h"
#include "unet/objects/watershed/basins.h"

namespace unet {
namespace {

constexpr double everything = std::numeric_limits<double>::infinity();

void add_disc(LabelMap& map, std::int64_t y, std::int64_t x, std::int64_t radius) {
    for (std::int64_t i = 0; i < map.size.height; ++i)
        for (std::int64_t j = 0; j < map.size.width; ++j)
            if ((i - y) * (i - y) + (j - x) * (j - x) <= radius * radius)
                map.plane()[i * map.size.width + j] = 1;
}

LabelMap empty_map(Size3 size) {
    return {size, std::vector<std::uint32_t>(static_cast<std::size_t>(size.elements())), {}};
}

LabelMap merged(Watershed& landscape, const LabelMap& map, double depth, std::int64_t minimum = 0) {
    LabelMap objects = map;
    landscape.merge(depth, minimum, objects.values);
    return objects;
}

LabelMap split_objects(const LabelMap& map, double depth) {
    LabelMap objects = map;
    ObjectFinder().find(objects.values, objects.size, {.split_depth = depth});
    return objects;
}

/// The scene of watershed_counts.py.
LabelMap touching_discs() {
    LabelMap map = empty_map({1, 200, 260});
    for (std::uint32_t i = 0; i < 90; ++i)
        add_disc(map, hashed(3 * i) % 200, hashed(3 * i + 1) % 260, 5 + hashed(3 * i + 2) % 8);
    return map;
}

/// The distance to the background of one slice, smoothed by a Gaussian of 1 pixel over 7, along
/// columns and then along rows, sums from the middle outwards.
std::vector<float> plain_heights(const LabelMap& map) {
    std::array<double, 4> gaussian;
    for (int k = 0; k < 4; ++k) gaussian[k] = exp_of(-0.5 * k * k);
    const double all = gaussian[0] + 2.0 * gaussian[1] + 2.0 * gaussian[2] + 2.0 * gaussian[3];
    std::vector<float> heights;
    for (const std::int32_t squared : squared_distances(map, DistanceTo::background))
        heights.push_back(static_cast<float>(std::sqrt(static_cast<double>(squared))));
    const auto smooth = [&](std::int64_t length, std::int64_t stride, std::int64_t lines,
                            std::int64_t line_stride) {
        std::vector<float> out(heights.size());
        for (std::int64_t line = 0; line < lines; ++line)
            for (std::int64_t i = 0; i < length; ++i) {
                const auto at = [&](std::int64_t x) {  // mirrored beyond the border
                    if (x < 0) x = -1 - x;
                    if (x >= length) x = 2 * length - 1 - x;
                    return heights[line * line_stride + x * stride];
                };
                float sum = static_cast<float>(gaussian[0] / all) * at(i);
                for (std::int64_t k = 1; k < 4; ++k)
                    sum += static_cast<float>(gaussian[k] / all) * (at(i - k) + at(i + k));
                out[line * line_stride + i * stride] = sum;
            }
        heights = out;
    };
    smooth(map.size.height, map.size.width, map.size.width, 1);
    smooth(map.size.width, 1, map.size.height, map.size.width);
    return heights;
}

/// The flood as it is defined: all pixels of a slice in order of their height, one by one.
LabelMap plainly_flooded(const LabelMap& map, double depth) {
    const std::vector<float> heights = plain_heights(map);
    const std::int64_t width = map.size.width;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < heights.size(); ++i)
        if (map.values[i] != 0) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return heights[a] > heights[b]; });
    Basins basins;
    LabelMap flooded = empty_map(map.size);
    for (const std::size_t pixel : order) {
        const auto x = static_cast<std::int64_t>(pixel) % width;
        std::vector<std::size_t> there;
        const auto look = [&](bool inside, std::int64_t step) {
            const std::size_t other = pixel + static_cast<std::size_t>(step);
            if (inside && other < heights.size() && flooded.values[other] != 0)
                there.push_back(other);
        };
        look(true, -width);
        look(x > 0, -1);
        look(x + 1 < width, 1);
        look(true, width);
        if (there.empty()) {
            basins.summits.push_back(heights[pixel]);
            basins.parents.push_back(static_cast<std::uint32_t>(basins.parents.size()));
            flooded.values[pixel] = static_cast<std::uint32_t>(basins.summits.size());
            continue;
        }
        const std::size_t highest = *std::max_element(
            there.begin(), there.end(),
            [&](std::size_t a, std::size_t b) { return heights[a] < heights[b]; });
        const std::uint32_t basin = flooded.values[pixel] = flooded.values[highest];
        for (const std::size_t other : there) {
            const std::uint32_t met = flooded.values[other];
            const std::uint32_t root = basins.root(basin - 1), met_root = basins.root(met - 1);
            if (root == met_root) continue;
            basins.parents[met_root] = root;
            basins.saddles.push_back({basin - 1, met - 1, heights[pixel]});
        }
    }
    basins.merge(depth);
    for (std::uint32_t& value : flooded.values)
        if (value != 0) value = basins.parents[value - 1] + 1;
    relabel(flooded);
    return flooded;
}

// Large basins, and more pairs of them at once than a short memory of pairs holds.
TEST(Watershed, IsTheFloodFromTheHighestPixelDown) {
    for (std::uint32_t number = 0; number < 30; ++number) {
        const LabelMap map =
            drawn_map(number, {1, 50 + number, 150}, 1 + number % 5, 1, 1 + 7 * (number % 7));
        Watershed landscape;
        landscape.find(map.values, map.size);
        for (const double depth : {0.0, 0.2, 1.0, everything})
            ASSERT_EQ(merged(landscape, map, depth).values, plainly_flooded(map, depth).values)
                << number << ", depth " << depth;
    }
}

TEST(Watershed, FindsAsManyObjectsAsScikitImage) {
    const LabelMap map = touching_discs();
    Watershed landscape;
    landscape.find(map.values, map.size);
    const std::pair<double, std::int64_t> expected[] = {{0.25, 69}, {0.5, 67}, {1.0, 62},
                                                        {2.0, 53},  {4.0, 42}, {everything, 38}};
    for (const auto& [depth, objects] : expected)
        EXPECT_EQ(count_objects(merged(landscape, map, depth)), objects) << depth;
}

// Two discs of radius 8, 12 apart: the waist is the column between their centres.
TEST(Watershed, PartsTwoDiscsAtTheirWaist) {
    LabelMap map = empty_map({1, 30, 40});
    add_disc(map, 15, 13, 8);
    add_disc(map, 15, 25, 8);
    const LabelMap objects = split_objects(map, 1.0);
    ASSERT_EQ(count_objects(objects), 2);
    for (std::int64_t y = 0; y < 30; ++y)
        for (std::int64_t x = 0; x < 40; ++x) {
            const std::uint32_t value = objects.plane()[y * 40 + x];
            EXPECT_EQ(value != 0, map.plane()[y * 40 + x] != 0);
            if (value == 0 || x == 19) continue;
            EXPECT_EQ(value, x < 19 ? 1u : 2u) << y << ", " << x;
        }
    EXPECT_EQ(count_objects(split_objects(map, 6.0)), 1);  // no waist is that deep
}

TEST(Watershed, WithoutALimitItGivesTheConnectedComponents) {
    for (std::uint32_t number = 0; number < 20; ++number) {
        const LabelMap map = drawn_map(number, {2, 33 + number, 40}, 1 + number % 4, 1, 45);
        Watershed landscape;
        landscape.find(map.values, map.size);
        EXPECT_EQ(merged(landscape, map, everything).values, connected_components(map).values);
        EXPECT_EQ(split_objects(map, 0.0).values, connected_components(map).values);
    }
}

TEST(Watershed, DeeperIsCoarser) {
    const LabelMap map = drawn_map(3, {1, 90, 120}, 3, 1, 40);
    Watershed landscape;
    landscape.find(map.values, map.size);
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    for (const double depth : {0.0, 0.2, 0.5, 1.0, 3.0}) {
        const LabelMap objects = merged(landscape, map, depth);
        const std::int64_t count = count_objects(objects);
        EXPECT_LT(count, before) << depth;
        before = count;
    }
}

TEST(Watershed, SmallObjectsAreDroppedAsByRemoveSmall) {
    const LabelMap map = drawn_map(7, {2, 60, 70}, 2, 1, 45);
    Watershed landscape;
    landscape.find(map.values, map.size);
    LabelMap all = merged(landscape, map, 0.5);
    const LabelMap large = merged(landscape, map, 0.5, 20);
    EXPECT_LT(count_objects(large), count_objects(all));
    remove_small(all, 20);
    EXPECT_EQ(large.values, all.values);
}

// One finder after maps of other sizes gives what a new one gives.
TEST(Watershed, NothingIsLeftFromTheMapBefore) {
    ObjectFinder finder;
    for (const Size3 size : {Size3{2, 50, 40}, Size3{1, 9, 70}, Size3{1, 50, 40}}) {
        const LabelMap map = drawn_map(9, size, 2, 1, 40);
        LabelMap objects = map;
        finder.find(objects.values, objects.size, {.split_depth = 0.5});
        EXPECT_EQ(objects.values, split_objects(map, 0.5).values);
    }
}

// Slices are landscapes of their own: a stack is its slices, ids running on.
TEST(Watershed, SlicesDoNotSeeEachOther) {
    const LabelMap first = drawn_map(5, {1, 40, 50}, 2, 1, 40), second = touching_discs();
    LabelMap stack = empty_map({2, 40, 50});
    std::copy(first.values.begin(), first.values.end(), stack.plane(0));
    for (std::int64_t y = 0; y < 40; ++y)
        std::copy_n(second.plane() + y * 260, 50, stack.plane(1) + y * 50);
    LabelMap alone = empty_map({1, 40, 50});
    std::copy_n(stack.plane(1), 2000, alone.plane());
    const LabelMap objects = split_objects(stack, 0.5), upper = split_objects(first, 0.5),
                   lower = split_objects(alone, 0.5);
    const auto offset = static_cast<std::uint32_t>(count_objects(upper));
    for (std::size_t i = 0; i < 2000; ++i) {
        EXPECT_EQ(objects.values[i], upper.values[i]);
        EXPECT_EQ(objects.values[2000 + i], lower.values[i] == 0 ? 0 : lower.values[i] + offset);
    }
}

// In a wide map every component has a window of its own; in a narrow one, where windows would be
// many times the map, most are flooded at once.
TEST(Watershed, WindowsLeaveNoTrace) {
    for (std::uint32_t number = 0; number < 40; ++number) {
        const Size3 size{1, 40 + number, 50};
        LabelMap narrow = drawn_map(number, size, 1 + number % 4, 1, 30 + 10 * (number % 5));
        LabelMap wide = empty_map({1, 400, 500});
        for (std::int64_t y = 0; y < size.height; ++y)
            for (std::int64_t x = 0; x < size.width; ++x) {
                std::uint32_t& value = narrow.plane()[y * size.width + x];
                // At the border of a map distances are mirrored.
                if (std::min(y, x) < 3 || y + 3 >= size.height || x + 3 >= size.width) value = 0;
                wide.plane()[(y + 100) * 500 + x + 200] = value;
            }
        for (const double depth : {0.0, 0.3, 1.0}) {
            Watershed landscape;
            landscape.find(narrow.values, size);
            const LabelMap alone = merged(landscape, narrow, depth);
            landscape.find(wide.values, wide.size);
            const LabelMap among = merged(landscape, wide, depth);
            for (std::int64_t y = 0; y < size.height; ++y)
                for (std::int64_t x = 0; x < size.width; ++x)
                    ASSERT_EQ(alone.plane()[y * size.width + x],
                              among.plane()[(y + 100) * 500 + x + 200])
                        << number << ": " << y << ", " << x;
        }
    }
}

// Fitted models depend on every pixel. The sums are those of one flood of the whole slice.
TEST(Watershed, GivesTheSamePixelsForEver) {
    Watershed landscape;
    const LabelMap discs = touching_discs(), blocks = drawn_map(3, {2, 90, 120}, 3, 1, 40);
    landscape.find(discs.values, discs.size);
    EXPECT_EQ(checksum(merged(landscape, discs, 0.0).values), 0x04AD18AF3E2ADC2Aull);
    EXPECT_EQ(checksum(merged(landscape, discs, 0.5, 20).values), 0xF474550678736D21ull);
    landscape.find(blocks.values, blocks.size);
    EXPECT_EQ(checksum(merged(landscape, blocks, 0.0).values), 0x4E324A5E00377F1Bull);
    EXPECT_EQ(checksum(merged(landscape, blocks, 0.5).values), 0xB6827A33295E9C4Eull);
}

TEST(Watershed, OddMaps) {
    EXPECT_EQ(split_objects(map_of({"."}), 1.0).values, (std::vector<std::uint32_t>{0}));
    EXPECT_EQ(split_objects(map_of({"a"}), 1.0).values, (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(count_objects(split_objects(map_of({"aaaaaaaa"}), 1.0)), 1);
    LabelMap full = empty_map({1, 9, 20});
    std::fill(full.values.begin(), full.values.end(), 1u);
    EXPECT_EQ(count_objects(split_objects(full, 0.1)), 1);
}

}  // namespace
}  // namespace unet
