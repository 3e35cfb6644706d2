#include "unet/evaluate/evaluation.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../objects/maps.h"
#include "tests/testing/errors.h"

namespace unet {
namespace {

TEST(EvaluationTest, TotalsAreOverAllObjectsNotOverImages) {
    Evaluation evaluation;
    accumulate(evaluation, "one", map_of({"aa.bb"}), map_of({"aa.bb"}));
    accumulate(evaluation, "two", map_of({"....."}), map_of({"a...."}));
    ASSERT_EQ(evaluation.images.size(), 2u);
    EXPECT_EQ(evaluation.images[0].name, "one");
    EXPECT_EQ(evaluation.images[0].scores.f1(), 1.0);
    EXPECT_EQ(evaluation.images[1].scores.f1(), 0.0);
    EXPECT_DOUBLE_EQ(*evaluation.totals.f1(), 4.0 / 5.0);
    EXPECT_DOUBLE_EQ(*evaluation.totals.recall(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(*evaluation.totals.ap(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(*evaluation.totals.seg(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(*evaluation.totals.pixel_error(), 0.1);
}

TEST(EvaluationTest, SlicesAreMatchedForThemselves) {
    // Object 1 runs through both slices of the truth; the prediction numbers slices on.
    const LabelMap truth{{2, 1, 3}, {1, 1, 0, 1, 1, 0}, {}};
    const LabelMap predicted{{2, 1, 3}, {1, 1, 0, 2, 2, 0}, {}};
    const Scores slices = evaluate_pair(predicted, truth, {});
    EXPECT_EQ(slices.matches[0].true_positives, 2);
    EXPECT_EQ(slices.f1(), 1.0);
    const Scores volume = evaluate_pair(predicted, truth, {.slicewise = false});
    EXPECT_EQ(volume.matches[0].true_objects(), 1);
    EXPECT_EQ(volume.matches[0].predicted_objects(), 2);
    EXPECT_EQ(volume.confusion.pixels(), 6);
}

TEST(EvaluationTest, BinaryMasksMayHoldAnyTwoValues) {
    const LabelMap predicted{{1, 1, 4}, {0, 1, 1, 0}, {}};
    const LabelMap truth{{1, 1, 4}, {0, 255, 255, 255}, {}};
    const Scores scores = evaluate_pair(predicted, truth, {.kind = LabelKind::binary});
    EXPECT_DOUBLE_EQ(*scores.iou(), 2.0 / 3.0);
    EXPECT_FALSE(scores.f1());
    EXPECT_FALSE(scores.seg());
}

TEST(EvaluationTest, IgnoredPixelsCountInNoFigure) {
    for (LabelKind kind : {LabelKind::instances, LabelKind::classes, LabelKind::binary}) {
        const LabelMap predicted{{1, 1, 5}, {1, 1, 0, 1, 1}, {}};
        const LabelMap truth{{1, 1, 5}, {1, 1, 0, 9, 9}, {}};
        const Scores scores = evaluate_pair(predicted, truth, {.kind = kind, .ignore = 9});
        EXPECT_EQ(scores.pixel_error(), 0.0);
        EXPECT_EQ(scores.iou(), 1.0);
        EXPECT_EQ(scores.confusion.pixels(), 3);
        if (kind == LabelKind::instances) {
            EXPECT_EQ(scores.f1(), 1.0);
        }
    }
}

TEST(EvaluationTest, TheIgnoredValueMayBeZero) {
    // Sparse annotation: 0 is "not annotated".
    const LabelMap predicted{{1, 1, 4}, {2, 2, 1, 2}, {}};
    const LabelMap truth{{1, 1, 4}, {0, 2, 1, 1}, {}};
    const Scores scores =
        evaluate_pair(predicted, truth, {.kind = LabelKind::classes, .ignore = 0});
    EXPECT_EQ(scores.confusion.pixels(), 3);
    EXPECT_DOUBLE_EQ(*scores.pixel_error(), 1.0 / 3.0);
}

TEST(EvaluationTest, OtherSizesAreAnErrorThatNamesBoth) {
    const LabelMap predicted{{1, 2, 3}, std::vector<std::uint32_t>(6), {}};
    const LabelMap truth{{1, 3, 2}, std::vector<std::uint32_t>(6), {}};
    const auto message = message_of([&] { evaluate_pair(predicted, truth, {}, "cells_07"); },
                                    ErrorCode::shape_mismatch);
    for (const char* part : {"cells_07", "2x3", "3x2"})
        EXPECT_TRUE(contains(message, part)) << message;
}

TEST(EvaluationTest, ScoresOfOtherThresholdsDoNotAddUp) {
    const LabelMap map = map_of({"a."});
    Scores scores = evaluate_pair(map, map, {});
    EXPECT_THROW(scores += evaluate_pair(map, map, {.thresholds = {0.5}}), Error);
}

TEST(EvaluationJsonTest, TotalsStandAtTheTopAndImagesBelow) {
    Evaluation evaluation;
    accumulate(evaluation, "one", map_of({"aa.bb"}), map_of({"aa.bb"}));
    accumulate(evaluation, "two", map_of({"....."}), map_of({"a...."}));
    const auto json = to_json(evaluation);
    EXPECT_EQ(json["kind"], "instances");
    EXPECT_DOUBLE_EQ(json["f1"], 0.8);
    EXPECT_DOUBLE_EQ(json["seg"], 2.0 / 3.0);
    EXPECT_EQ(json["n_true"], 3);
    EXPECT_EQ(json["by_threshold"].size(), 10u);
    EXPECT_EQ(json["by_threshold"][4]["iou"], 0.7);
    EXPECT_DOUBLE_EQ(json["by_threshold"][4]["f1"], 0.8);
    EXPECT_EQ(json["classes"][1]["name"], "object");
    EXPECT_EQ(json["images"][1]["name"], "two");
    EXPECT_EQ(json["images"][1]["recall"], 0.0);
    for (const char* key : {"f1", "precision", "recall", "ap", "seg", "iou", "dice", "pixel_error"})
        EXPECT_TRUE(json["images"][0][key].is_number()) << key;
}

TEST(EvaluationJsonTest, AbsentFiguresAreNullAndClassesHaveNames) {
    Evaluation evaluation;
    evaluation.options.kind = LabelKind::classes;
    evaluation.options.class_names = {"outside", "membrane"};
    EXPECT_TRUE(to_json(evaluation)["iou"].is_null());
    accumulate(evaluation, "x", map_of({"a.d"}), map_of({"a.a"}));
    const auto json = to_json(evaluation);
    EXPECT_FALSE(json.contains("f1"));
    ASSERT_EQ(json["classes"].size(), 3u);  // 2 and 3 do not occur
    EXPECT_EQ(json["classes"][1]["name"], "membrane");
    EXPECT_EQ(json["classes"][2]["class"], 4);
    EXPECT_EQ(json["classes"][2]["name"], "4");
}

}  // namespace
}  // namespace unet
