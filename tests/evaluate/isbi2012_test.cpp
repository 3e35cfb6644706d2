// Against the figures that the challenge's own program gave for nine proposals. Its images may not
// be passed on: UNET_ISBI2012_VECTORS names a folder that holds them with expected.json, otherwise
// the test looks beside the source and is skipped where there are none.

#include "unet/evaluate/isbi2012.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../objects/maps.h"
#include "unet/core/error.h"
#include "unet/image/read.h"

namespace unet {
namespace {

using Json = nlohmann::json;

// Sums of doubles in another order than the program's; shares of 65,536 pixels.
constexpr double close = 1e-9;

std::filesystem::path vectors() {
    const char* named = std::getenv("UNET_ISBI2012_VECTORS");
    return named ? named : UNET_SOURCE_DIR "/../shared/data/isbi2012_metric_vectors";
}

class Isbi2012VectorTest : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        std::ifstream file(vectors() / "expected.json");
        if (!file) GTEST_SKIP() << "no vectors in " << vectors();
        expected_ = Json::parse(file)["cases"][GetParam()];
        scores_ = scores_of(std::nullopt);
    }
    /// Of the whole stack, or of one slice.
    Isbi2012Scores scores_of(std::optional<PageRange> pages) const {
        const LabelMap truth = read_labels(vectors() / "gt.tif", pages);
        const auto proposal = vectors() / (std::string(GetParam()) + ".tif");
        if (expected_["proposal"] == "bin")
            return score_isbi2012(read_labels(proposal, pages), truth);
        Image probabilities = read_image(proposal, pages);
        for (float& value : probabilities.values) value /= 255.0f;
        return score_isbi2012(probabilities, truth);
    }
    static const Isbi2012Counts& at_half(const Isbi2012Scores& scores) {
        for (const Isbi2012Counts& counts : scores.thresholds)
            if (counts.threshold == 0.5) return counts;
        throw std::runtime_error("0.5 is not among the thresholds");
    }

    Json expected_;
    Isbi2012Scores scores_;
};

TEST_P(Isbi2012VectorTest, PixelsAndPairsAreThoseOfTheChallenge) {
    const Isbi2012Counts& half = at_half(scores_);
    EXPECT_NEAR(half.wrong_pixels(), expected_["pixel_error_at_0.5"], close);
    EXPECT_NEAR(half.pixel_precision(), expected_["pixel_precision_0.5"], close);
    EXPECT_NEAR(half.pixel_recall(), expected_["pixel_recall_0.5"], close);
    EXPECT_NEAR(half.pixel_f1(), expected_["pixel_fscore_0.5"], close);
    EXPECT_NEAR(1.0 - scores_.pixel_error(), expected_["pixel_max_fscore_0_1_0.1"], close);
    EXPECT_NEAR(half.rand_error(), expected_["fg_rand_error_at_0.5"], close);
    EXPECT_NEAR(half.variation(), expected_["fg_vi_at_0.5"], close);
    const Json micro = expected_["fg_rand_stats_0.5_micro"];
    EXPECT_NEAR(half.pairs.precision(), micro["precision"], close);
    EXPECT_NEAR(half.pairs.recall(), micro["recall"], close);
    EXPECT_NEAR(half.pairs.f1(), micro["fscore"], close);
    // Here that program counts a pixel as a pair with itself.
    double index = 0.0;
    for (std::int64_t z = 0; z < half.slices; ++z) {
        const RandPairs pairs = at_half(scores_of(parse_pages(std::to_string(z), "z"))).pairs;
        index += 1.0 - (pairs.truth + pairs.predicted - 2.0 * pairs.both) / pairs.all;
    }
    EXPECT_NEAR(index / static_cast<double>(half.slices), micro["metric"], close);
}

TEST_P(Isbi2012VectorTest, WarpingErrorIsThatOfTheChallenge) {
    EXPECT_NEAR(at_half(scores_).warping.error(), expected_["warping_error_at_0.5"], close);
}

TEST_P(Isbi2012VectorTest, ScoresAfterThinningAreThoseOfTheChallenge) {
    for (const Isbi2012Counts& counts : scores_.thresholds) {
        SCOPED_TRACE(counts.threshold);
        // Where there is nothing to threshold, the program was run at 0 only.
        const bool binary = scores_.thresholds.size() == 1;
        const std::string key = binary ? "0.0" : fmt::format("{:.1f}", counts.threshold);
        const Json v_rand = expected_["vrand_thin_per_threshold"][key];
        ASSERT_EQ(counts.thinned_pairs.pixels == 0, v_rand[0].is_null());
        if (counts.thinned_pairs.pixels > 0) {
            EXPECT_NEAR(counts.thinned_pairs.precision(), v_rand[0], close);
            EXPECT_NEAR(counts.thinned_pairs.recall(), v_rand[1], close);
        }
        EXPECT_NEAR(counts.v_rand(), v_rand[2], close);
        EXPECT_NEAR(counts.v_info(), expected_["vinfo_thin_per_threshold"][key], close);
    }
    EXPECT_NEAR(scores_.v_rand(), expected_["vrand_thin_max"], close);
    EXPECT_NEAR(scores_.v_info(), expected_["vinfo_thin_max"], close);
}

INSTANTIATE_TEST_SUITE_P(Vectors, Isbi2012VectorTest,
                         testing::Values("gt_itself", "smooth_raw_s2", "smooth_raw_s1",
                                         "blurred_gt", "membrane_gaps", "false_membranes",
                                         "dilated_membranes", "shift_3px", "noisy_prob"),
                         [](const auto& named) { return std::string(named.param); });

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
        try {
            score_isbi2012(image, truth, isbi2012_thresholds(), "slices.tif");
            ADD_FAILURE() << wrong << " was taken";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unsupported);
            EXPECT_NE(std::string(error.what()).find("slices.tif: found"), std::string::npos);
            EXPECT_NE(std::string(error.what()).find("row 1, column 2"), std::string::npos);
        }
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
