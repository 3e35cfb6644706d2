#include "unet/evaluate/bootstrap.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"
#include "unet/core/error.h"
#include "unet/evaluate/evaluation.h"

namespace unet {
namespace {

/// One image per letter: w is found, m is missed, of one true object.
Evaluation evaluation_of(std::string_view images) {
    Evaluation evaluation;
    for (std::size_t i = 0; i < images.size(); ++i)
        accumulate(evaluation, std::to_string(i), map_of({images[i] == 'w' ? "a..." : "...."}),
                   map_of({"a..."}));
    return evaluation;
}

const FigureInterval& of(const std::vector<FigureInterval>& intervals, const std::string& name) {
    for (const FigureInterval& interval : intervals)
        if (interval.figure == name) return interval;
    throw std::runtime_error("no interval of " + name);
}

const FigureComparison& of(const std::vector<FigureComparison>& all, const std::string& name) {
    for (const FigureComparison& comparison : all)
        if (comparison.figure == name) return comparison;
    throw std::runtime_error("no comparison of " + name);
}

TEST(BootstrapTest, TheIntervalIsThatOfDrawingImages) {
    // Recall of 16 images of which half are found: a binomial share, sd 0.125.
    const auto interval = of(bootstrap_intervals(evaluation_of("wmwmwmwmwmwmwmwm")), "recall");
    EXPECT_NEAR(interval.low, 0.25, 0.0626);
    EXPECT_NEAR(interval.high, 0.75, 0.0626);
}

TEST(BootstrapTest, ImagesThatAreAlikeLeaveNoDoubt) {
    const auto interval = of(bootstrap_intervals(evaluation_of("wwww")), "f1");
    EXPECT_EQ(interval.low, 1.0);
    EXPECT_EQ(interval.high, 1.0);
}

TEST(BootstrapTest, DrawsDependOnTheSeedAlone) {
    const Evaluation evaluation = evaluation_of("wwmwmmwm");
    const auto first = bootstrap_intervals(evaluation, {.resamples = 51});
    const auto again = bootstrap_intervals(evaluation, {.resamples = 51});
    const auto other = bootstrap_intervals(evaluation, {.resamples = 51, .seed = 2});
    bool differs = false;
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].low, again[i].low);
        EXPECT_EQ(first[i].high, again[i].high);
        differs = differs || first[i].low != other[i].low || first[i].high != other[i].high;
    }
    EXPECT_TRUE(differs);
}

TEST(BootstrapTest, OneImageHasNoInterval) {
    EXPECT_TRUE(bootstrap_intervals(evaluation_of("w")).empty());
    EXPECT_THROW(bootstrap_intervals(evaluation_of("ww"), {.level = 1.0}), Error);
    EXPECT_THROW(bootstrap_intervals(evaluation_of("ww"), {.resamples = 0}), Error);
}

TEST(BootstrapTest, TheSameDrawsServeBothSides) {
    // b finds two objects more. The images differ so much that the intervals of both overlap, but b
    // is never worse.
    const auto all = compare_evaluations(evaluation_of("wmwmwmwmwmwmwmwmmmmm"),
                                         evaluation_of("wmwmwmwmwmwmwmwmwwww"));
    const FigureComparison& recall = of(all, "recall");
    EXPECT_DOUBLE_EQ(recall.b - recall.a, 4.0 / 20.0);
    EXPECT_GT(recall.low, 0.0);
    EXPECT_EQ(recall.better, Better::b);
    EXPECT_EQ(of(all, "pixel_error").better, Better::b);  // less is better there
    EXPECT_EQ(of(compare_evaluations(evaluation_of("wwmm"), evaluation_of("mmww")), "f1").better,
              Better::undecided);
    EXPECT_EQ(of(compare_evaluations(evaluation_of("wwww"), evaluation_of("mmmm")), "f1").better,
              Better::a);
}

TEST(BootstrapTest, OnlyTheSameImagesCompare) {
    EXPECT_THROW(compare_evaluations(evaluation_of("ww"), evaluation_of("www")), Error);
    EXPECT_THROW(compare_evaluations(evaluation_of("w"), evaluation_of("w")), Error);
    Evaluation renamed = evaluation_of("ww");
    renamed.images[1].name = "another";
    EXPECT_THROW(compare_evaluations(evaluation_of("ww"), renamed), Error);
}

}  // namespace
}  // namespace unet
