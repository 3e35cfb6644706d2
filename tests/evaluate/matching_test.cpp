#include "unet/evaluate/matching.h"

#include <gtest/gtest.h>

#include <cmath>

#include "../objects/maps.h"
#include "unet/core/error.h"

namespace unet {
namespace {

Overlaps overlaps_of(const LabelMap& predicted, const LabelMap& truth) {
    return count_overlaps(predicted.values, truth.values);
}

TEST(OverlapsTest, CountsObjectsAndWhatTheyShare) {
    const Overlaps found = overlaps_of(map_of({"ccaa", "cc.."}), map_of({"bbb.", "a.bb"}));
    ASSERT_EQ(found.truth.size(), 2u);
    EXPECT_EQ(found.truth[0].pixels, 1);  // a
    EXPECT_EQ(found.truth[1].pixels, 5);  // b
    ASSERT_EQ(found.predicted.size(), 2u);
    EXPECT_EQ(found.predicted[1].id, 3u);
    EXPECT_EQ(found.predicted[1].pixels, 4);
    ASSERT_EQ(found.pairs.size(), 3u);
    EXPECT_EQ(found.pairs[0].pixels, 1);  // a and c
    EXPECT_EQ(found.pairs[1].pixels, 1);  // b and a
    EXPECT_EQ(found.pairs[2].pixels, 2);  // b and c
    EXPECT_DOUBLE_EQ(found.iou(found.pairs[2]), 2.0 / 7.0);
}

TEST(OverlapsTest, IgnoredPixelsCountForNeither) {
    // The second predicted object lies on ignored pixels only: it is neither right nor wrong.
    const LabelMap predicted = map_of({"aa.bb"}), truth = map_of({"aaadd"});
    const Overlaps found = count_overlaps(predicted.values, truth.values, 4);
    ASSERT_EQ(found.predicted.size(), 1u);
    ASSERT_EQ(found.truth.size(), 1u);
    EXPECT_DOUBLE_EQ(found.iou(found.pairs.at(0)), 2.0 / 3.0);
}

TEST(OverlapsTest, RefusesMapsOfOtherLength) {
    EXPECT_THROW(overlaps_of(map_of({"aa"}), map_of({"aaa"})), Error);
}

TEST(MatchingTest, TheThresholdItselfMatches) {
    // Intersection 3, union 5.
    const Overlaps overlaps = overlaps_of(map_of({"aaaa."}), map_of({".aaaa"}));
    EXPECT_EQ(match_objects(overlaps, 0.6).size(), 1u);
    EXPECT_EQ(match_objects(overlaps, 0.61).size(), 0u);
}

TEST(MatchingTest, TwoHalvesGiveOneMatch) {
    const Overlaps split = overlaps_of(map_of({"aabb"}), map_of({"aaaa"}));
    EXPECT_EQ(match_objects(split, 0.5).size(), 1u);
    const Overlaps merged = overlaps_of(map_of({"aaaa"}), map_of({"aabb"}));
    EXPECT_EQ(match_objects(merged, 0.5).size(), 1u);
}

TEST(MatchingTest, BelowOneHalfTheMostMatchesWin) {
    // Truth a has IoU 3/7 with prediction a and 2/5 with b; truth b has 2/5 with prediction a only.
    // Pairing a with a, the best pair, would leave truth b alone.
    const LabelMap truth = map_of({"aaaaabb"}), predicted = map_of({"bbaaaaa"});
    const auto matches = match_objects(overlaps_of(predicted, truth), 0.25);
    ASSERT_EQ(matches.size(), 2u);
    EXPECT_EQ(matches[0].truth, 1u);
    EXPECT_EQ(matches[0].predicted, 2u);
    EXPECT_DOUBLE_EQ(matches[0].iou, 2.0 / 5.0);
    EXPECT_EQ(matches[1].predicted, 1u);
    EXPECT_DOUBLE_EQ(matches[1].iou, 2.0 / 5.0);
}

TEST(MatchingTest, BothMethodsAgreeWhereBothApply) {
    // Just below one half the assignment decides; it finds no more than at one half if no IoU lies
    // between.
    const LabelMap truth = drawn_map(31, {1, 80, 80}, 8, 5000, 30);
    LabelMap predicted = truth;
    for (std::size_t i = 0; i < predicted.values.size(); ++i)
        if (hashed(static_cast<std::uint32_t>(i)) % 100 < 30) predicted.values[i] = 0;
    const Overlaps overlaps = overlaps_of(predicted, truth);
    for (const Overlap& pair : overlaps.pairs)
        ASSERT_FALSE(overlaps.iou(pair) > 0.4999 && overlaps.iou(pair) < 0.5);
    const MatchCounts one = count_matches(overlaps, 0.5), other = count_matches(overlaps, 0.4999);
    EXPECT_GT(one.true_positives, 20);
    EXPECT_EQ(one.true_positives, other.true_positives);
    EXPECT_NEAR(one.iou_sum, other.iou_sum, 1e-12);
}

TEST(MatchingTest, NothingToCountIsZero) {
    const MatchCounts none = count_matches(overlaps_of(map_of({".."}), map_of({".."})), 0.5);
    EXPECT_EQ(none.f1(), 0.0);
    EXPECT_EQ(none.precision(), 0.0);
    EXPECT_EQ(none.accuracy(), 0.0);
    EXPECT_EQ(none.mean_matched_score(), 0.0);
    EXPECT_EQ(none.panoptic_quality(), 0.0);
    const MatchCounts missed = count_matches(overlaps_of(map_of({".."}), map_of({"ab"})), 0.5);
    EXPECT_EQ(missed.false_negatives, 2);
    EXPECT_EQ(missed.recall(), 0.0);
    const MatchCounts invented = count_matches(overlaps_of(map_of({"ab"}), map_of({".."})), 0.3);
    EXPECT_EQ(invented.false_positives, 2);
}

TEST(MatchingTest, RefusesAThresholdOutsideZeroToOne) {
    const Overlaps overlaps = overlaps_of(map_of({"a"}), map_of({"a"}));
    for (double threshold : {0.0, -0.5, 1.01, std::nan("")})
        EXPECT_THROW(match_objects(overlaps, threshold), Error) << threshold;
}

}  // namespace
}  // namespace unet
