// The values of the challenge's own program are held against the built program:
// tests/cli/isbi2012_test.py.

#include "unet/evaluate/isbi2012.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "../objects/maps.h"
#include "tests/testing/errors.h"

namespace unet {
namespace {

Image probabilities_of(const LabelMap& map) {
    Image image;
    image.size = map.size;
    image.values.assign(map.values.begin(), map.values.end());
    return image;
}

TEST(Isbi2012Test, LabelsThatTouchAreSegmentsOfTheirOwn) {
    const LabelMap truth = map_of({"aabb"});
    EXPECT_EQ(score_isbi2012(truth, truth).v_rand(), 1.0);
    EXPECT_LT(score_isbi2012(probabilities_of(map_of({"aaaa"})), truth).v_rand(), 0.7);
}

TEST(Isbi2012Test, EachFigureTakesTheThresholdThatSuitsIt) {
    const LabelMap truth = map_of({"aa.aa"});
    Image image = probabilities_of(truth);
    image.values = {0.85f, 0.85f, 0.45f, 0.85f, 0.85f};
    const Isbi2012Scores scores = score_isbi2012(image, truth);
    EXPECT_EQ(scores.pixel_error(), 0.0);
    EXPECT_EQ(scores.best_pixels().threshold, 0.5);
    EXPECT_EQ(scores.rand_error(), 0.0);
    EXPECT_EQ(scores.warping_error(), 0.0);
    EXPECT_EQ(scores.thresholds[0].warping.mergers, 1);
}

TEST(Isbi2012Test, NoTrueObjectGivesNoScore) {
    const LabelMap nothing = map_of({"...."});
    const Isbi2012Scores scores = score_isbi2012(nothing, nothing);
    EXPECT_EQ(scores.v_rand(), 0.0);
    EXPECT_EQ(scores.thresholds[0].wrong_pixels(), 0.0);
}

TEST(Isbi2012Test, WhatIsNoProbabilityIsRefused) {
    const LabelMap truth = map_of({"aa.a", "aaaa"});
    Image image = probabilities_of(truth);
    for (const float wrong : {std::nanf(""), 1.5f, -0.1f}) {
        image.values[6] = wrong;
        const auto message =
            message_of([&] { score_isbi2012(image, truth, isbi2012_thresholds(), "slices.tif"); },
                       ErrorCode::unsupported);
        EXPECT_TRUE(contains(message, "slices.tif: found")) << wrong << message;
        EXPECT_TRUE(contains(message, "row 1, column 2")) << wrong << message;
    }
}

TEST(Isbi2012Test, WhatDoesNotFitIsRefused) {
    const LabelMap truth = map_of({"aa.a"});
    EXPECT_THROW(score_isbi2012(map_of({"aa.aa"}), truth), Error);
    EXPECT_THROW(score_isbi2012(probabilities_of(map_of({"aa."})), truth), Error);
    Image two = probabilities_of(truth);
    two.channels = 2;
    two.values.resize(8);
    EXPECT_THROW(score_isbi2012(two, truth), Error);
    Isbi2012Evaluation evaluation;
    evaluation.add("a", score_isbi2012(truth, truth));
    EXPECT_THROW(evaluation.add("b", score_isbi2012(probabilities_of(truth), truth)), Error);
}

TEST(Isbi2012Test, JsonHoldsTotalsThenImages) {
    const LabelMap truth = map_of({"aa.aa"});
    Isbi2012Evaluation evaluation;
    evaluation.add("right", score_isbi2012(truth, truth));
    evaluation.add("wrong", score_isbi2012(map_of({"aaaaa"}), truth));
    const nlohmann::ordered_json json = to_json(evaluation);
    EXPECT_EQ(json["kind"], "isbi2012");
    EXPECT_EQ(json["slices"], 2);
    EXPECT_EQ(json["images"][0]["v_rand"], 1.0);
    EXPECT_LT(json["v_rand"], 1.0);
    EXPECT_EQ(json["by_threshold"][0]["warping_pixels"]["mergers"], 1);
    EXPECT_EQ(json["images"][1]["name"], "wrong");
}

}  // namespace
}  // namespace unet
