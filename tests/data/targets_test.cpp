#include "unet/data/targets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/data/expected.h"
#include "tests/data/made.h"
#include "unet/core/error.h"

namespace unet {
namespace {

const LabelMeaning instances{LabelKind::instances, {0, 1}, {}, ""};

std::vector<double> class_weights_of(const std::vector<std::uint8_t>& targets,
                                     const TargetOptions& options) {
    std::vector<std::int64_t> counts(2);
    for (const std::uint8_t target : targets) ++counts[target];
    return options.class_balance ? balanced_weights(counts) : std::vector<double>{1.0, 1.0};
}

/// Equation 2 by its definition: every background pixel against every object pixel.
std::vector<float> brute_force(const LabelMap& labels, const TargetOptions& options,
                               const std::vector<double>& class_weights) {
    const std::int64_t height = labels.size.height, width = labels.size.width;
    std::vector<float> weights;
    for (std::int64_t i = 0; i < height * width; ++i) {
        if (labels.values[i] != 0) {
            weights.push_back(static_cast<float>(class_weights[1]));
            continue;
        }
        std::vector<double> nearest(64, std::numeric_limits<double>::infinity());
        for (std::int64_t j = 0; j < height * width; ++j) {
            const std::uint32_t id = labels.values[j];
            const std::int64_t dy = i / width - j / width;
            const std::int64_t dx = i % width - j % width;
            const auto squared = static_cast<double>(dy * dy + dx * dx);
            if (id != 0) nearest[id] = std::min(nearest[id], std::sqrt(squared));
        }
        std::sort(nearest.begin(), nearest.end());
        const double s = nearest[0] + nearest[1];
        const double sigma = options.border_sigma;
        weights.push_back(static_cast<float>(
            class_weights[0] + options.border_weight * std::exp(-s * s / (2 * sigma * sigma))));
    }
    return weights;
}

/// Neighbouring float32 numbers at most: both sides round once from double, and their double values
/// may straddle the middle between two.
void expect_same_float(float found, float expected, std::size_t at) {
    EXPECT_GE(found, std::nextafter(expected, -1e30f)) << at;
    EXPECT_LE(found, std::nextafter(expected, 1e30f)) << at;
}

TEST(WeightMapTest, EqualsOneDistanceTransformPerObjectInScipy) {
    LabelMap labels = made::cells(40, 48, 14, 4);
    const auto targets = make_targets(labels, instances, {}, "test");
    const TargetOptions options{10.0, 5.0, true};
    const auto weights =
        make_weights(labels, targets, instances, options, class_weights_of(targets, options));
    // Relative 6e-8 is half a unit in the last place of float32.
    for (std::size_t x = 0; x < 48; ++x)
        EXPECT_NEAR(weights[17 * 48 + x], expected::weights_of_40x48_row_17[x],
                    7e-8 * expected::weights_of_40x48_row_17[x]);
    for (std::size_t y = 0; y < 40; ++y) {
        double sum = 0.0;
        for (std::size_t x = 0; x < 48; ++x) sum += static_cast<double>(weights[y * 48 + x]);
        EXPECT_NEAR(sum, expected::weights_of_40x48_sums[y], 7e-8 * sum);
    }
    LabelMap again = made::cells(40, 48, 14, 4);
    const TargetOptions plain{4.0, 2.5, false};
    make_targets(again, instances, {}, "test");
    const auto others =
        make_weights(again, targets, instances, plain, class_weights_of(targets, plain));
    for (std::size_t x = 0; x < 48; ++x)
        EXPECT_NEAR(others[17 * 48 + x], expected::weights_plain_of_40x48_row_17[x],
                    7e-8 * expected::weights_plain_of_40x48_row_17[x]);
}

TEST(WeightMapTest, EqualsBruteForceBitForBitAlmostEverywhere) {
    std::size_t differ = 0, all = 0;
    for (const TargetOptions options :
         {TargetOptions{10.0, 5.0, true}, TargetOptions{10.0, 5.0, false},
          TargetOptions{1.0, 1.0, false}, TargetOptions{1000.0, 9.0, true}}) {
        LabelMap labels = made::cells(61, 67, 30, 3);
        const auto targets = make_targets(labels, instances, {}, "test");
        const auto class_weights = class_weights_of(targets, options);
        const auto found = make_weights(labels, targets, instances, options, class_weights);
        const auto expected = brute_force(labels, options, class_weights);
        for (std::size_t i = 0; i < found.size(); ++i) {
            expect_same_float(found[i], expected[i], i);
            differ += found[i] != expected[i];
        }
        all += found.size();
    }
    // Values that differ by 1e-12 round apart with probability 1e-12 / 6e-8; none is expected.
    EXPECT_LE(differ, all / 10000);
}

TEST(WeightMapTest, OneObjectHasNoBorderAndNoneHasNoneEither) {
    LabelMap labels = made::map_of({"0000", "0110", "0000"});
    auto targets = make_targets(labels, instances, {}, "test");
    const std::vector<double> ones = {1.0, 1.0};
    EXPECT_EQ(make_weights(labels, targets, instances, {}, ones), std::vector<float>(12, 1.0f));
    labels = made::map_of({"0000"});
    targets = make_targets(labels, instances, {}, "test");
    EXPECT_EQ(make_weights(labels, targets, instances, {}, ones), std::vector<float>(4, 1.0f));
}

TEST(WeightMapTest, BalanceGivesEveryClassTheSameTotal) {
    const auto weights = balanced_weights(std::vector<std::int64_t>{90, 8, 2});
    EXPECT_DOUBLE_EQ(weights[0] * 90, weights[1] * 8);
    EXPECT_DOUBLE_EQ(weights[1] * 8, weights[2] * 2);
    EXPECT_DOUBLE_EQ(weights[0] * 90 + weights[1] * 8 + weights[2] * 2, 100.0);
    EXPECT_EQ(balanced_weights(std::vector<std::int64_t>{5, 0})[1], 1.0);
}

TEST(TargetsTest, TouchingObjectsGetABorderOnBothSides) {
    LabelMap labels = made::map_of({"011220", "011220"});
    const auto targets = make_targets(labels, instances, {}, "test");
    EXPECT_EQ(targets, (std::vector<std::uint8_t>{0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0}));
}

TEST(TargetsTest, ClassesFollowTheirStoredValues) {
    LabelMap labels = made::map_of({"1379", "9731"});
    const LabelMeaning meaning{LabelKind::classes, {1, 3, 7}, 9, ""};
    const auto targets = make_targets(labels, meaning, {}, "test");
    EXPECT_EQ(targets, (std::vector<std::uint8_t>{0, 1, 2, 255, 255, 2, 1, 0}));
    const auto weights = make_weights(labels, targets, meaning, {}, std::vector<double>{1, 2, 3});
    EXPECT_EQ(weights, (std::vector<float>{1, 2, 3, 0, 0, 3, 2, 1}));
}

TEST(TargetsTest, BinaryTakesEverythingButBackgroundWhereThatWasAsked) {
    LabelMap labels = made::map_of({"0459"});
    const LabelMeaning meaning{LabelKind::binary, {0, 255}, 9, ""};
    EXPECT_EQ(make_targets(labels, meaning, {}, "test"), (std::vector<std::uint8_t>{0, 1, 1, 255}));
}

TEST(TargetsTest, IgnoredPixelsOfInstancesAreNoObjectAndWeighNothing) {
    LabelMap labels = made::map_of({"1019", "1019"});
    const LabelMeaning meaning{LabelKind::instances, {0, 1}, 9, ""};
    const auto targets = make_targets(labels, meaning, {}, "test");
    EXPECT_EQ(targets, (std::vector<std::uint8_t>{1, 0, 1, 255, 1, 0, 1, 255}));
    const auto weights = make_weights(labels, targets, meaning, {}, std::vector<double>{1.0, 1.0});
    EXPECT_EQ(weights, (std::vector<float>{1, 1, 1, 0, 1, 1, 1, 0}));
}

TEST(TargetsTest, AValueWithoutAClassIsAnErrorThatNamesIt) {
    LabelMap labels = made::map_of({"0125"});
    const LabelMeaning meaning{LabelKind::classes, {0, 1, 2}, {}, ""};
    try {
        make_targets(labels, meaning, {}, "cells.png");
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(),
                     "cells.png: found label 5, expected one of 0, 1, 2; `ignore` 5 leaves such "
                     "pixels out");
    }
}

/// By hand: in the square of 5 x 5, distances to the background are 1, 2 and 3 from its edge to its
/// middle; in the pair, which touches, the pixels at the contact are its border, too.
TEST(BoundaryTest, LiesNearerToTheBorderThanAPartOfTheLargestDistance) {
    LabelMap labels = made::map_of({"00000000000", "01111102233", "01111102233", "01111102233",
                                    "01111102233", "01111100000", "00000000000"});
    TargetOptions options;
    options.boundary = 0.4;  // 0.4 x 3 lies between 1 and 2; 0.4 x 1 below 1
    EXPECT_EQ(target_classes(instances, options), 3);
    EXPECT_EQ(target_classes(instances, {}), 2);
    const auto targets = make_targets(labels, instances, options, "test");
    const LabelMap expected =
        made::map_of({"00000000000", "02222201221", "02111201221", "02111201221", "02111201221",
                      "02222200000", "00000000000"});
    for (std::size_t i = 0; i < targets.size(); ++i)
        EXPECT_EQ(targets[i], expected.values[i]) << i / 11 << ", " << i % 11;
}

TEST(BoundaryTest, IgnoredPixelsStayOutAndClassesHaveNone) {
    const LabelMeaning ignoring{LabelKind::instances, {0, 1}, 9, ""};
    LabelMap labels = made::map_of({"0000", "0119", "0000"});
    TargetOptions options;
    options.boundary = 0.5;
    EXPECT_EQ(make_targets(labels, ignoring, options, "test")[7], ignored_target);
    const LabelMeaning classes{LabelKind::classes, {0, 1, 2}, {}, ""};
    EXPECT_EQ(target_classes(classes, options), 3);
    LabelMap map = made::map_of({"012"});
    EXPECT_EQ(make_targets(map, classes, options, "test"), (std::vector<std::uint8_t>{0, 1, 2}));
}

}  // namespace
}  // namespace unet
