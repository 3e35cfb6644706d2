#include "unet/predict/tiling.h"

#include <gtest/gtest.h>

#include "unet/core/error.h"
#include "unet/nn/reach.h"

namespace unet::predict {
namespace {

TileRule rule_for(const UNetOptions& options, std::int64_t footprint = 1) {
    return tile_rules(nn::build_network(options), footprint)[2];
}

TEST(TilingTest, ATileOfThePaperKeeps384Of388) {
    const TileRule rule = rule_for(UNetOptions{});
    EXPECT_EQ(rule.grid, 16);
    EXPECT_EQ(rule.margin, 92);
    EXPECT_EQ(rule.before, 92);
    const AxisCut cut = cut_axis(1000, 384, rule);
    EXPECT_EQ(cut.tiles.size(), 3u);
    EXPECT_EQ(cut.tiles[1].core, 336);  // 1000 - 4 in three parts, rounded up to 16
    EXPECT_EQ(cut.window, 336 + 4 + 184);
    EXPECT_EQ(cut_axis(388, 384, rule).window, 572);
    EXPECT_EQ(cut_axis(388, 384, rule).tiles.size(), 1u);
    EXPECT_EQ(cut_axis(389, 384, rule).tiles.size(), 2u);
}

TEST(TilingTest, SameTilesLoseTheirHaloInsideThePictureOnly) {
    UNetOptions options;
    options.padding = Padding::same;
    const TileRule rule = rule_for(options);
    EXPECT_EQ(rule.margin, 0);
    EXPECT_EQ(rule.before, 96);  // 94 pixels are seen from a core's edge; on the grid of 16
    EXPECT_EQ(rule.after, 94);
    const AxisCut cut = cut_axis(1000, 256, rule);
    ASSERT_EQ(cut.tiles.size(), 4u);
    EXPECT_EQ(cut.window, 208 + 192);
    EXPECT_EQ(cut.tiles[0].length, 208 + 96);
    EXPECT_EQ(cut.tiles[1].length, 208);
    EXPECT_EQ(cut.tiles[0].window, 0);
    EXPECT_EQ(cut.tiles[3].window + cut.window, 1008);  // 1000 extended to a multiple of 16
}

/// Every property that makes seams invisible, for one axis.
void check_cut(const nn::Network& network, std::int64_t footprint, std::int64_t length,
               std::int64_t core) {
    const TileRule rule = tile_rules(network, footprint)[2];
    const AxisCut cut = cut_axis(length, core, rule), uncut = cut_axis(length, 1 << 20, rule);
    SCOPED_TRACE(fmt::format("length {} core {} footprint {}", length, core, footprint));
    ASSERT_EQ(uncut.tiles.size(), 1u);
    const std::int64_t output = nn::output_size(network, {1, cut.window, cut.window}).width;
    const std::int64_t whole = uncut.window - rule.margin;
    std::int64_t next = 0;
    for (const AxisTile& tile : cut.tiles) {
        const std::int64_t end = tile.window + cut.window;
        ASSERT_EQ(tile.core, next);
        ASSERT_GT(tile.length, 0);
        next = tile.core + tile.length;
        // Pooling windows and Winograd squares stand as in the whole.
        ASSERT_EQ((tile.window + rule.margin) % rule.grid, 0);
        ASSERT_GE(tile.window, -rule.margin);
        ASSERT_LE(end, whole);
        // The window holds every input that decides a bit of the core, or ends with the whole.
        const std::int64_t shift = tile.window + rule.margin;
        const nn::Interval seen = nn::input_needed(
            network, {tile.core - shift, round_up(next, rule.grid) - shift}, footprint);
        ASSERT_TRUE(shift == 0 || seen.first >= 0);
        ASSERT_TRUE(end == whole || seen.last <= cut.window);
        ASSERT_LE(next - shift, output);
        const bool inner = &tile != &cut.tiles.front() && &tile != &cut.tiles.back();
        ASSERT_TRUE(!inner || tile.length <= round_up(core, rule.grid));
    }
    ASSERT_EQ(next, length);
}

TEST(TilingTest, CoresCoverEveryAxisOnceWithAllTheContextTheyNeed) {
    for (const Padding padding : {Padding::valid, Padding::same})
        for (std::int64_t levels = 1; levels <= 5; ++levels)
            for (std::int64_t convolutions = 1; convolutions <= 3; ++convolutions) {
                UNetOptions options{.levels = levels, .base_channels = 1};
                options.convolutions = convolutions;
                options.padding = padding;
                const nn::Network network = nn::build_network(options);
                for (const std::int64_t footprint : {1, 4})
                    for (std::int64_t length = 1; length <= 900; length += 1 + length / 7)
                        for (const std::int64_t core : {1, 50, 100})
                            ASSERT_NO_FATAL_FAILURE(check_cut(network, footprint, length, core))
                                << levels << " levels, " << convolutions << " convolutions";
            }
}

TEST(TilingTest, SlicesOfAStackAreTilesOfTheirOwn) {
    const nn::Network network = nn::build_network({.levels = 2});
    const Tiling tiling({3, 40, 50}, {1, 16, 16}, tile_rules(network, 1));
    EXPECT_EQ(tiling.window().depth, 1);
    EXPECT_EQ(tiling.count(), 3 * 3 * 4);  // outputs of two levels are even: 16 of 16 are kept
    const Tile last = tiling.tile(tiling.count() - 1);
    EXPECT_EQ(last.core.z, 2);
    EXPECT_EQ(last.core.y + last.core.size.height, 40);
    EXPECT_EQ(last.core.x + last.core.size.width, 50);
}

TEST(TilingTest, RefusesNothingToCut) {
    const TileRule rule = rule_for(UNetOptions{});
    EXPECT_THROW(cut_axis(0, 16, rule), Error);
    EXPECT_THROW(cut_axis(16, 0, rule), Error);
}

}  // namespace
}  // namespace unet::predict
