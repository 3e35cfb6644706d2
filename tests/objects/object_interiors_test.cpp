// ObjectFinder with a boundary.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/objects/maps.h"
#include "tests/testing/errors.h"
#include "unet/objects/components.h"
#include "unet/objects/object_finder.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

ObjectRule with_boundary() {
    ObjectRule rule;
    rule.boundary = true;
    return rule;
}

LabelMap found(const LabelMap& map, const ObjectRule& rule) {
    LabelMap objects = map;
    ObjectFinder().find(objects.values, objects.size, rule);
    return objects;
}

LabelMap where(const LabelMap& map, auto keep) {
    LabelMap mask = map;
    for (std::uint32_t& value : mask.values) value = keep(value) ? 1 : 0;
    return mask;
}

TEST(ObjectInteriorsTest, TouchingObjectsTakeTheBoundaryNextToTheirInteriors) {
    // a: interior, b: boundary.
    const LabelMap map = map_of({"bbbbbbbb..", "baabbaab.b", "bbbbbbbb..", "........bb"});
    const LabelMap objects = found(map, with_boundary());
    EXPECT_EQ(objects.values,
              map_of({"aaaabbbb..", "aaaabbbb.c", "aaaabbbb..", "........dd"}).values);
    ObjectRule large = with_boundary();
    large.minimum_pixels = 2;
    EXPECT_EQ(found(map, large).values,
              map_of({"aaaabbbb..", "aaaabbbb..", "aaaabbbb..", "........cc"}).values);
    large.drop_border = true;
    EXPECT_EQ(count_objects(found(map, large)), 0);
}

TEST(ObjectInteriorsTest, HolesAreFilledBeforeObjectsGrow) {
    ObjectRule rule = with_boundary();
    rule.fill_holes = true;
    const LabelMap map = map_of({"bbbbb", "bab.b", "bbbbb"});
    EXPECT_EQ(found(map, rule).values, std::vector<std::uint32_t>(15, 1));
}

/// An object is what its interior is; what is connected to none is an object for itself.
TEST(ObjectInteriorsTest, InteriorsDecideWhatIsOneObject) {
    for (std::uint32_t number = 0; number < 30; ++number) {
        const LabelMap map = drawn_map(number, {1 + number % 3, 30 + number, 50 + 5 * (number % 4)},
                                       1 + number % 3, 2, 30 + 10 * (number % 3));
        const LabelMap objects = found(map, with_boundary());
        const LabelMap interiors =
            connected_components(where(map, [](std::uint32_t value) { return value == 1; }));
        const LabelMap pieces =
            connected_components(where(map, [](std::uint32_t value) { return value != 0; }));
        std::map<std::uint32_t, std::uint32_t> object_of, interior_of, piece_of;
        std::map<std::uint32_t, std::set<std::uint32_t>> objects_of;
        for (std::size_t i = 0; i < map.values.size(); ++i) {
            const std::uint32_t object = objects.values[i], interior = interiors.values[i];
            ASSERT_EQ(object != 0, map.values[i] != 0);
            if (object == 0) continue;
            objects_of[pieces.values[i]].insert(object);
            const auto [piece, fresh] = piece_of.try_emplace(object, pieces.values[i]);
            ASSERT_TRUE(fresh || piece->second == pieces.values[i]);
            if (interior == 0) continue;
            ASSERT_EQ(object_of.try_emplace(interior, object).first->second, object);
            ASSERT_EQ(interior_of.try_emplace(object, interior).first->second, interior);
        }
        std::map<std::uint32_t, std::set<std::uint32_t>> interiors_of;
        for (std::size_t i = 0; i < map.values.size(); ++i)
            if (interiors.values[i] != 0)
                interiors_of[pieces.values[i]].insert(interiors.values[i]);
        for (const auto& [piece, of_piece] : objects_of)
            ASSERT_EQ(of_piece.size(), std::max<std::size_t>(1, interiors_of[piece].size()));
        // Objects are connected: as many pieces of equal ids as there are ids.
        ASSERT_EQ(count_objects(connected_components(objects, Connectivity::eight)),
                  count_objects(objects));
    }
}

TEST(ObjectInteriorsTest, RowsGiveWhatTheWholeMapGivesAndAFinderIsUsedAgain) {
    ObjectFinder finder;
    for (std::uint32_t number = 0; number < 12; ++number) {
        const LabelMap map = drawn_map(number, {2, 25, 60}, 2 + number % 2, 2, 35);
        ObjectRule rule = with_boundary();
        rule.split_depth = number % 2 == 0 ? 0.0 : 0.4;
        finder.start(map.size, rule);
        for (std::int64_t row = 0; row < 50; ++row) finder.append(map.values.data() + row * 60);
        finder.finish();
        LabelMap objects = map;
        finder.draw(0, objects.values);
        EXPECT_EQ(objects.values, found(map, rule).values);
        EXPECT_EQ(finder.count(), count_objects(objects));
    }
}

TEST(ObjectInteriorsTest, MemoryIsCountedBeforeItIsTaken) {
    ObjectFinder finder;
    finder.limit_memory(20'000);
    LabelMap map = drawn_map(1, {1, 200, 200}, 2, 2, 20);
    const std::string message =
        message_of([&] { finder.find(map.values, map.size, with_boundary()); }, ErrorCode::memory);
    EXPECT_NE(message.find("objects"), std::string::npos);
}

}  // namespace
}  // namespace unet
