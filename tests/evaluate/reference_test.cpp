// Matching, SEG, DET, AJI and pixel figures against those of StarDist, py-ctcmetrics and NumPy:
// perturbed label images of real nuclei (vectors/) and drawn maps whose objects overlap many
// others.

#include <gtest/gtest.h>

#include "../objects/maps.h"
#include "unet/evaluate/evaluation.h"
#include "vectors.h"

namespace unet {
namespace {

using Json = nlohmann::json;

// Ours are sums of at most a few hundred quotients in double, exact to 1e-13; StarDist keeps IoUs
// in float32, whose rounding (6e-8) moves the mean scores, and those figures only.
constexpr double exact = 1e-12;
constexpr double float32 = 1e-7;

void expect_matching(const MatchCounts& counts, const Json& expected) {
    SCOPED_TRACE(counts.threshold);
    EXPECT_EQ(counts.true_positives, expected["tp"].get<std::int64_t>());
    EXPECT_EQ(counts.false_positives, expected["fp"].get<std::int64_t>());
    EXPECT_EQ(counts.false_negatives, expected["fn"].get<std::int64_t>());
    EXPECT_NEAR(counts.precision(), expected["precision"], exact);
    EXPECT_NEAR(counts.recall(), expected["recall"], exact);
    EXPECT_NEAR(counts.f1(), expected["f1"], exact);
    EXPECT_NEAR(counts.accuracy(), expected["accuracy"], exact);
    EXPECT_NEAR(counts.mean_matched_score(), expected["mean_matched_score"], float32);
    EXPECT_NEAR(counts.mean_true_score(), expected["mean_true_score"], float32);
    EXPECT_NEAR(counts.panoptic_quality(), expected["panoptic_quality"], float32);
}

void expect_optional(std::optional<double> found, const Json& expected) {
    ASSERT_EQ(found.has_value(), !expected.is_null());
    if (!found) return;
    EXPECT_NEAR(*found, expected.get<double>(), exact);
}

void expect_pixels(const Confusion& confusion, const Json& expected) {
    ASSERT_EQ(confusion.classes().size(), expected["classes"].size());
    for (std::size_t i = 0; i < confusion.classes().size(); ++i) {
        expect_optional(confusion.classes()[i].iou(), expected["classes"][i][0]);
        expect_optional(confusion.classes()[i].dice(), expected["classes"][i][1]);
    }
    expect_optional(confusion.pixel_error(), expected["pixel_error"]);
}

std::vector<double> thresholds_of(const Json& by_threshold) {
    std::vector<double> thresholds;
    for (const Json& entry : by_threshold) thresholds.push_back(entry["iou"]);
    return thresholds;
}

class CaseTest : public testing::TestWithParam<const char*> {
protected:
    static const std::map<std::string, LabelMap>& maps() {
        static const auto all = vector_maps();
        return all;
    }
    Json expected() const { return json_beside_tests("vectors/expected.json")[GetParam()]; }
    /// All frames of the case, at the given thresholds.
    Evaluation evaluation(std::vector<double> thresholds) const {
        Evaluation result;
        result.options.thresholds = std::move(thresholds);
        const Json frames = expected()["frames"];
        for (const Json& frame : frames)
            accumulate(result, frame["truth"], maps().at(frame["predicted"]),
                       maps().at(frame["truth"]));
        return result;
    }
};

TEST_P(CaseTest, SegIsThatOfTheChallenge) {
    const Evaluation found = evaluation({0.5});
    ASSERT_GE(found.images.size(), 4u);
    ASSERT_TRUE(found.totals.seg());
    EXPECT_NEAR(*found.totals.seg(), expected()["seg"], exact);
    for (std::size_t i = 0; i < found.images.size(); ++i) {
        const Json frame = expected()["frames"][i];
        double sum = 0.0;
        for (const Json& match : frame["seg_matches"]) sum += match[2].get<double>();
        const Scores& scores = found.images[i].scores;
        EXPECT_NEAR(scores.seg_sum.iou_sum, sum, exact * 100) << i;
        EXPECT_EQ(scores.seg_sum.references, frame["n_true"].get<std::int64_t>());
        EXPECT_EQ(scores.matches[0].predicted_objects(), frame["n_predicted"].get<std::int64_t>());
    }
}

TEST_P(CaseTest, DetIsThatOfTheChallenge) {
    const Evaluation found = evaluation({0.5});
    ASSERT_TRUE(found.totals.det());
    EXPECT_NEAR(*found.totals.det(), expected()["det"], exact);
    const Json counts = expected()["det_counts"];
    EXPECT_EQ(found.totals.detections.needed_splits, counts["NS"].get<std::int64_t>());
    EXPECT_EQ(found.totals.detections.false_negatives, counts["FN"].get<std::int64_t>());
    EXPECT_EQ(found.totals.detections.false_positives, counts["FP"].get<std::int64_t>());
    EXPECT_EQ(found.totals.detections.references, counts["vertices"].get<std::int64_t>());
}

TEST_P(CaseTest, AggregatedJaccardIndexIsThatOfThePapers) {
    const Evaluation found = evaluation({0.5});
    const Json values = json_beside_tests("aji_values.json")[GetParam()];
    EXPECT_EQ(found.totals.aji_sum.intersection, values["aji"][0].get<std::int64_t>());
    EXPECT_EQ(found.totals.aji_sum.united, values["aji"][1].get<std::int64_t>());
    EXPECT_EQ(found.totals.aji_plus_sum.intersection, values["aji_plus"][0].get<std::int64_t>());
    EXPECT_EQ(found.totals.aji_plus_sum.united, values["aji_plus"][1].get<std::int64_t>());
}

TEST_P(CaseTest, MatchingIsThatOfStarDist) {
    // The figures that came with the vectors, then the same at more thresholds.
    const Json given = expected()["by_threshold"];
    ASSERT_EQ(given.size(), 3u);
    for (const auto& [threshold, statistics] : given.items())
        expect_matching(evaluation({std::stod(threshold)}).totals.matches[0], statistics);
    const Json more =
        json_beside_tests("reference_values.json")["cases"][GetParam()]["by_threshold"];
    const Evaluation found = evaluation(thresholds_of(more));
    for (std::size_t i = 0; i < more.size(); ++i) expect_matching(found.totals.matches[i], more[i]);
}

TEST_P(CaseTest, ApIsTheMeanAccuracyFromOneHalfUp) {
    const Json more =
        json_beside_tests("reference_values.json")["cases"][GetParam()]["by_threshold"];
    double sum = 0.0;
    int count = 0;
    for (const Json& entry : more)
        if (entry["iou"] >= 0.5) {
            sum += entry["accuracy"].get<double>();
            ++count;
        }
    ASSERT_EQ(count, 10);
    EXPECT_NEAR(*evaluation(EvaluateOptions{}.thresholds).totals.ap(), sum / count, exact);
}

TEST_P(CaseTest, ForegroundIsCountedAsByNumPy) {
    expect_pixels(evaluation({0.5}).totals.confusion,
                  json_beside_tests("reference_values.json")["cases"][GetParam()]["foreground"]);
}

INSTANTIATE_TEST_SUITE_P(Vectors, CaseTest,
                         testing::Values("dsb_otsu", "nuc_dilated3", "nuc_dropped",
                                         "nuc_empty_but_one", "nuc_eroded9", "nuc_identity",
                                         "nuc_relabelled", "nuc_shift_12", "nuc_split"));

class DrawnPairTest : public testing::TestWithParam<std::size_t> {
protected:
    Json expected() const {
        return json_beside_tests("reference_values.json")["pairs"][GetParam()];
    }
    LabelMap map(const char* which) const {
        const Json spec = expected()[which];
        return drawn_map(spec[0], {1, spec[1], spec[2]}, spec[3], spec[4], spec[5]);
    }
};

TEST_P(DrawnPairTest, MatchingIsThatOfStarDistWherePartnersCompete) {
    const Json by_threshold = expected()["by_threshold"];
    const Scores scores =
        evaluate_pair(map("predicted"), map("truth"), {.thresholds = thresholds_of(by_threshold)});
    for (std::size_t i = 0; i < by_threshold.size(); ++i)
        expect_matching(scores.matches[i], by_threshold[i]);
}

TEST_P(DrawnPairTest, ClassesAreCountedAsByNumPy) {
    LabelMap predicted = map("predicted"), truth = map("truth");
    for (std::uint32_t& value : predicted.values) value %= 6;
    for (std::uint32_t& value : truth.values) value %= 6;
    expect_pixels(evaluate_pair(predicted, truth, {.kind = LabelKind::classes}).confusion,
                  expected()["classes"]);
}

INSTANTIATE_TEST_SUITE_P(Pairs, DrawnPairTest, testing::Range<std::size_t>(0, 5));

}  // namespace
}  // namespace unet
