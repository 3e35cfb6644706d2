#include "unet/evaluate/surface.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"
#include "unet/core/error.h"
#include "vectors.h"

namespace unet {
namespace {

using Json = nlohmann::json;

SurfaceSum compared(const LabelMap& predicted, const LabelMap& truth,
                    const SurfaceOptions& options = {}) {
    return compare_surfaces(predicted.values, truth.values, 1, truth.size, options);
}

TEST(SurfaceTest, EqualStructuresAreNoDistanceApart) {
    const SurfaceSum sum = compared(map_of({"aa.", "aa."}), map_of({"aa.", "aa."}));
    EXPECT_EQ(sum.hd95(), 0.0);
    EXPECT_EQ(sum.assd(), 0.0);
    EXPECT_EQ(sum.surface_dice(), 1.0);
}

TEST(SurfaceTest, DistancesAreInTheUnitOfTheSpacing) {
    const SurfaceSum sum = compared(map_of({"a...."}), map_of({"....a"}),
                                    {.spacing = {1.0, 1.0, 0.5}, .tolerance = 2.0});
    EXPECT_EQ(sum.hd95(), 2.0);
    EXPECT_EQ(sum.assd(), 2.0);
    EXPECT_EQ(sum.surface_dice(), 1.0);  // at the tolerance is within it
    EXPECT_EQ(compared(map_of({"a...."}), map_of({"....a"}), {.tolerance = 3.9}).surface_dice(),
              0.0);
}

TEST(SurfaceTest, TheInsideIsNoSurface) {
    const LabelMap full = map_of({"aaaaa", "aaaaa", "aaaaa", "aaaaa", "aaaaa"});
    const LabelMap hollow = map_of({"aaaaa", "aaaaa", "aa.aa", "aaaaa", "aaaaa"});
    const SurfaceSum sum = compared(hollow, full);
    // Of the hollow one four more pixels, 1 away from the border.
    EXPECT_DOUBLE_EQ(*sum.assd(), 4.0 / 36.0);
}

TEST(SurfaceTest, WhereOneSideIsEmptyThereIsNoDistance) {
    SurfaceSum sum = compared(map_of({"..."}), map_of({"a.."}));
    EXPECT_FALSE(sum.hd95());
    EXPECT_EQ(sum.surface_dice(), 0.0);
    sum += compared(map_of({"a.."}), map_of({"a.."}));
    EXPECT_EQ(sum.hd95(), 0.0);
    EXPECT_EQ(sum.surface_dice(), 0.5);
    EXPECT_FALSE(compared(map_of({"..."}), map_of({"..."})).surface_dice());
}

TEST(SurfaceTest, WhatCannotBeMeasuredIsRefused) {
    const LabelMap map = map_of({"aa"});
    EXPECT_THROW(compared(map, map, {.spacing = {1.0, 0.0, 1.0}}), Error);
    EXPECT_THROW(compared(map_of({"aaa"}), map), Error);
}

class MonaiTest : public testing::TestWithParam<std::size_t> {};

TEST_P(MonaiTest, FiguresAreThoseOfMonai) {
    const Json expected = json_beside_tests("surface_values.json")[GetParam()];
    const auto map = [&](const char* which) {
        const Json& spec = expected[which];
        return drawn_map(spec[0], {spec[1], spec[2], spec[3]}, spec[4], spec[5], spec[6]);
    };
    const LabelMap truth = map("truth"), predicted = map("predicted");
    const SurfaceOptions options{expected["spacing"], expected["tolerance"]};
    // MONAI's results are float32.
    const auto expect = [](std::optional<double> found, const Json& value) {
        ASSERT_EQ(found.has_value(), !value.is_null());
        if (found) {
            EXPECT_NEAR(*found, value, 5e-7 * (1.0 + value.get<double>()));
        }
    };
    for (std::size_t i = 0; i < expected["classes"].size(); ++i) {
        SCOPED_TRACE(i + 1);
        const SurfaceSum sum = compare_surfaces(
            predicted.values, truth.values, static_cast<std::uint32_t>(i + 1), truth.size, options);
        const Json figures = expected["classes"][i];
        expect(sum.hd95(), figures[0]);
        expect(sum.assd(), figures[1]);
        expect(sum.surface_dice(), figures[2]);
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, MonaiTest, testing::Range<std::size_t>(0, 6));

}  // namespace
}  // namespace unet
