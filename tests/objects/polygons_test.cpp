#include "unet/objects/polygons.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "maps.h"
#include "unet/objects/components.h"

namespace unet {
namespace {

/// Whether the middle of a pixel lies within an odd number of rings: left of it, upright edges.
bool covers(const Polygon& polygon, std::int64_t y, std::int64_t x) {
    bool inside = false;
    for (const Ring& ring : polygon.rings)
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const PixelCorner a = ring[i], b = ring[(i + 1) % ring.size()];
            if (a.x == b.x && a.x <= x && std::min(a.y, b.y) <= y && y < std::max(a.y, b.y))
                inside = !inside;
        }
    return inside;
}

LabelMap filled(const std::vector<ObjectOutline>& outlines, const Size3& size) {
    LabelMap map{{1, size.height, size.width},
                 std::vector<std::uint32_t>(static_cast<std::size_t>(size.height * size.width), 0),
                 {}};
    for (std::int64_t y = 0; y < size.height; ++y)
        for (std::int64_t x = 0; x < size.width; ++x)
            for (const ObjectOutline& object : outlines)
                for (const Polygon& piece : object.pieces)
                    if (covers(piece, y, x)) map.plane()[y * size.width + x] = object.label;
    return map;
}

/// Never to one corner twice, and every corner a turn.
bool is_simple(const Ring& ring) {
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const PixelCorner a = ring[i], b = ring[(i + 1) % ring.size()],
                          c = ring[(i + 2) % ring.size()];
        if (!seen.emplace(a.y, a.x).second) return false;
        if ((a.y == b.y) == (b.y == c.y)) return false;
    }
    return ring.size() >= 4;
}

TEST(PolygonsTest, APixelIsASquare) {
    const auto outlines = object_outlines(map_of({"...", "..b"}));
    ASSERT_EQ(outlines.size(), 1u);
    EXPECT_EQ(outlines[0].label, 2u);
    ASSERT_EQ(outlines[0].pieces.size(), 1u);
    ASSERT_EQ(outlines[0].pieces[0].rings.size(), 1u);
    EXPECT_EQ(outlines[0].pieces[0].rings[0], (Ring{{1, 3}, {2, 3}, {2, 2}, {1, 2}}));
}

TEST(PolygonsTest, HolesAndPieces) {
    const auto outlines = object_outlines(map_of({"aaaa.a", "a.ba..", "aaaa..", "...bb."}));
    ASSERT_EQ(outlines.size(), 2u);
    ASSERT_EQ(outlines[0].pieces.size(), 2u);
    EXPECT_EQ(outlines[0].pieces[0].rings.size(), 2u);
    EXPECT_EQ(outlines[0].pieces[1].rings.size(), 1u);
    EXPECT_EQ(outlines[1].pieces.size(), 2u);
}

TEST(PolygonsTest, PixelsThatMeetAtACornerAreTwoPieces) {
    EXPECT_EQ(object_outlines(map_of({"a.", ".a"}))[0].pieces.size(), 2u);
    // ... unless they hang together elsewhere: the hole touches the ring in one corner.
    const auto joined = object_outlines(map_of({"aa..", "a.a.", "aaa."}));
    ASSERT_EQ(joined[0].pieces.size(), 1u);
    EXPECT_EQ(joined[0].pieces[0].rings.size(), 2u);
}

TEST(PolygonsTest, FilledTheyGiveThePixelsBack) {
    for (const std::uint32_t number : {0u, 1u, 2u, 3u})
        for (const std::int64_t block : {1, 2, 3}) {
            const LabelMap map = drawn_map(number, {2, 37, 41}, block, 1 + number, 40);
            const auto outlines = object_outlines(map, 1);
            const LabelMap back = filled(outlines, map.size);
            EXPECT_TRUE(std::equal(back.values.begin(), back.values.end(), map.plane(1)));
            LabelMap slice{{1, 37, 41}, {map.plane(1), map.plane(1) + 37 * 41}, {}};
            const LabelMap components = connected_components(slice);
            std::size_t pieces = 0;
            for (const ObjectOutline& object : outlines)
                for (const Polygon& piece : object.pieces) {
                    ++pieces;
                    for (const Ring& ring : piece.rings) EXPECT_TRUE(is_simple(ring));
                }
            EXPECT_EQ(pieces,
                      *std::max_element(components.values.begin(), components.values.end()));
        }
}

TEST(PolygonsTest, NoObjectsNoOutlines) {
    EXPECT_TRUE(object_outlines(map_of({"..", ".."})).empty());
}

}  // namespace
}  // namespace unet
