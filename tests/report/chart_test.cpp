#include "unet/report/chart.h"

#include <gtest/gtest.h>

#include <string>

namespace unet {
namespace {

TEST(Chart, TicksAreRoundAndInside) {
    EXPECT_EQ(round_ticks(0.0, 1.0, 5), (std::vector{0.0, 0.2, 0.4, 3 * 0.2, 0.8, 1.0}));
    const auto steps = round_ticks(0.0, 158.0, 5);
    EXPECT_EQ(steps, (std::vector{0.0, 50.0, 100.0, 150.0}));
}

TEST(Chart, TickLabelsAreShort) {
    EXPECT_EQ(tick_text(0.0), "0");
    EXPECT_EQ(tick_text(0.25), "0.25");
    EXPECT_EQ(tick_text(12000.0), "12k");
    EXPECT_EQ(tick_text(2.5e6), "2.5M");
    EXPECT_EQ(tick_text(0.0001), "1e-04");
}

TEST(Chart, ThinningKeepsMeansAndTheLastStep) {
    LearningCurve curve;
    for (int i = 1; i <= 1000; ++i) curve.push_back({i, static_cast<double>(i % 2)});
    const LearningCurve thin = thinned(curve, 100);
    ASSERT_EQ(thin.size(), 100u);
    EXPECT_EQ(thin.back().step, 1000);
    for (const CurvePoint& point : thin) EXPECT_EQ(point.value, 0.5);
    EXPECT_EQ(thinned(curve, 2000).size(), 1000u);
}

TEST(Chart, ASmoothedConstantStaysWhatItIs) {
    for (const CurvePoint& point : smoothed({{1, 3.0}, {2, 3.0}, {3, 3.0}}, 2.0))
        EXPECT_DOUBLE_EQ(point.value, 3.0);
}

// A loss that falls by a factor of a thousand would be a line along the axis.
TEST(Chart, FallingOverDecadesIsDrawnLogarithmically) {
    Chart chart{.title = "loss", .may_be_logarithmic = true};
    chart.lines.push_back({"", "first", {{0, 1.0}, {1, 0.1}, {2, 0.01}}});
    const std::string svg = chart_svg(chart);
    // The middle value is in the middle of a plot that goes from y = 14 to y = 224.
    EXPECT_NE(svg.find(",119.0 "), std::string::npos) << svg;
    chart.may_be_logarithmic = false;
    EXPECT_EQ(chart_svg(chart).find(",119.0 "), std::string::npos);
}

TEST(Chart, OneValueOrNoneIsDrawnToo) {
    Chart chart{.title = "a < b"};
    EXPECT_NE(chart_svg(chart).find("aria-label=\"a &lt; b\""), std::string::npos);
    chart.lines.push_back({"", "first", {{0, 0.0}}});
    EXPECT_EQ(chart_svg(chart).find("nan"), std::string::npos);
    EXPECT_EQ(chart_svg(chart).find("inf"), std::string::npos);
}

}  // namespace
}  // namespace unet
