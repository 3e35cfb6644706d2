#include "unet/data/label_survey.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/data/made.h"
#include "unet/core/random.h"
#include "unet/objects/components.h"

namespace unet {
namespace {

SliceValues survey(const LabelMap& map, std::optional<std::uint32_t> ignore = {}) {
    SliceSurveyor surveyor(ignore);
    for (std::int64_t y = 0; y < map.size.height; ++y)
        surveyor.add({map.plane() + y * map.size.width, static_cast<std::size_t>(map.size.width)});
    return surveyor.take();
}

TEST(SliceSurveyorTest, APieceThatClosesFromBelowIsOne) {
    // A U, a W, a ring with a diagonal and what lies in it.
    const SliceValues found =
        survey(made::map_of({"1010202023330", "1010202023030", "1110022203430", "0000000000303"}));
    EXPECT_EQ(found.pieces.at(1), 1);
    EXPECT_EQ(found.pieces.at(2), 1);
    EXPECT_EQ(found.pieces.at(3), 1);
    EXPECT_EQ(found.pieces.at(4), 1);
    EXPECT_EQ(found.pieces.count(0), 0u);
    EXPECT_EQ(found.pixels.at(1), 7);
}

TEST(SliceSurveyorTest, PiecesAreThoseOfConnectedComponents) {
    Random random(3, Purpose::test);
    for (int turn = 0; turn < 200; ++turn) {
        const std::int64_t height = 1 + random.below(20), width = 1 + random.below(30);
        LabelMap map{{1, height, width}, {}, {}};
        for (std::int64_t i = 0; i < height * width; ++i)
            map.values.push_back(static_cast<std::uint32_t>(random.below(4)));
        const std::uint32_t ignored = 3;
        const SliceValues found = survey(map, ignored);
        LabelMap kept = map;
        std::replace(kept.values.begin(), kept.values.end(), ignored, 0u);
        const LabelMap components = connected_components(kept, Connectivity::eight);
        std::unordered_map<std::uint32_t, std::int64_t> pieces, pixels;
        std::uint32_t seen = 0;
        for (std::size_t i = 0; i < map.values.size(); ++i) {
            ++pixels[map.values[i]];
            if (components.values[i] <= seen) continue;
            seen = components.values[i];
            ++pieces[map.values[i]];
        }
        ASSERT_EQ(found.pieces, pieces) << turn;
        ASSERT_EQ(found.pixels, pixels) << turn;
    }
}

TEST(SliceSurveyorTest, SlicesDoNotTouch) {
    SliceSurveyor surveyor({});
    const std::vector<std::uint32_t> row{5, 5, 0};
    surveyor.add(row);
    EXPECT_EQ(surveyor.take().pieces.at(5), 1);
    surveyor.add(row);
    EXPECT_EQ(surveyor.take().pieces.at(5), 1);
}

}  // namespace
}  // namespace unet
