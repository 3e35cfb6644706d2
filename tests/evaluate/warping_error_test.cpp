#include "unet/evaluate/warping_error.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

WarpingErrors warped(const LabelMap& predicted, const LabelMap& truth) {
    const std::vector<float> probabilities(predicted.values.begin(), predicted.values.end());
    return warp(truth.values, probabilities, 0.5, truth.size.height, truth.size.width);
}

TEST(WarpingErrorTest, AMovedBorderIsNoError) {
    const WarpingErrors errors = warped(map_of({"aaa....a",  //
                                                "aaa....a"}),
                                        map_of({"aaaaa.aa",  //
                                                "aaaaa.aa"}));
    EXPECT_EQ(errors.disagreeing(), 0);
    EXPECT_EQ(errors.pixels, 16);
}

TEST(WarpingErrorTest, AGapInAMembraneMergesAndAFalseMembraneSplits) {
    const LabelMap two = map_of({"aa.aa",  //
                                 "aa.aa",  //
                                 "aa.aa"});
    const LabelMap one = map_of({"aaaaa",  //
                                 "aaaaa",  //
                                 "aaaaa"});
    const WarpingErrors merged = warped(one, two);
    EXPECT_EQ(merged.mergers, 3);  // every pixel of the membrane would join both
    EXPECT_EQ(merged.disagreeing(), 3);
    EXPECT_DOUBLE_EQ(merged.split_and_merge_error(), 3.0 / 15.0);
    const WarpingErrors split = warped(two, one);
    EXPECT_EQ(split.splits, 1);  // the others shrink the object from its edges
    EXPECT_EQ(split.disagreeing(), 1);
}

TEST(WarpingErrorTest, HolesAndLostOrInventedObjectsAreNoSplitsOrMergers) {
    const LabelMap full = map_of({"aaa", "aaa", "aaa"}), ring = map_of({"aaa", "a.a", "aaa"});
    EXPECT_EQ(warped(ring, full).hole_additions, 1);
    EXPECT_EQ(warped(full, ring).hole_deletions, 1);
    const LabelMap nothing = map_of({"...", "...", "..."}), dot = map_of({"...", ".a.", "..."});
    EXPECT_EQ(warped(dot, nothing).object_additions, 1);
    EXPECT_EQ(warped(nothing, dot).object_deletions, 1);
    for (const WarpingErrors& errors : {warped(ring, full), warped(nothing, dot)}) {
        EXPECT_EQ(errors.disagreeing(), 1);
        EXPECT_EQ(errors.split_and_merge_error(), 0.0);
    }
}

TEST(WarpingErrorTest, TheSurestPixelsChangeFirst) {
    // Proposed are both pixels between the dots and the one below the right of them. If the left
    // one joins its dot first, the right one may not, and the one below has nothing to join.
    const LabelMap truth = map_of({"a..a",  //
                                   "...."});
    const auto errors = [&](float left, float right, float below) {
        const std::vector<float> probabilities{1.0f, left, right, 1.0f, 0.0f, 0.0f, below, 0.0f};
        return warp(truth.values, probabilities, 0.5, 2, 4).disagreeing();
    };
    EXPECT_EQ(errors(0.9f, 0.6f, 0.7f), 2);
    EXPECT_EQ(errors(0.6f, 0.9f, 0.7f), 1);
}

}  // namespace
}  // namespace unet
