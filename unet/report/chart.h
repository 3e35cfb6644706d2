#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "unet/report/training_log.h"

namespace unet {

/// A line of a chart. `style` is a class of the page's style sheet: "first", "second", "third",
/// "faint".
struct ChartLine {
    std::string name;
    std::string style;
    LearningCurve points;
    bool dots = false;
};

/// Values over steps.
struct Chart {
    std::string title;  ///< also what a screen reader begins with
    std::vector<ChartLine> lines = {};
    /// Logarithmic where all values are positive and the largest is ten times the smallest.
    bool may_be_logarithmic = false;
    std::optional<double> low = std::nullopt, high = std::nullopt;  ///< else as the values
    std::optional<CurvePoint> mark = std::nullopt;                  ///< a point to point out
    std::string mark_text = {};
};

/// As an SVG element whose colours and letters the page's style sheet decides.
std::string chart_svg(const Chart& chart);

/// At most `most` points: means of as many stretches of equal numbers of points.
LearningCurve thinned(const LearningCurve& curve, std::size_t most);
/// Every value averaged with those before it, of which the last `window` weigh most.
LearningCurve smoothed(const LearningCurve& curve, double window);

/// "0.25", "12k", "1e-05": as short as a tick's label should be.
std::string tick_text(double value);
/// About `count` round values in low .. high (low < high), in steps of 1, 2 or 5 times a power of
/// ten.
std::vector<double> round_ticks(double low, double high, int count);

/// Bars of equal width that stand for low .. high in equal parts.
struct Histogram {
    std::string title;
    double low = 0.0, high = 1.0;
    std::string unit;  ///< of the axis
    std::vector<std::int64_t> counts;
};

std::string histogram_svg(const Histogram& histogram);

}  // namespace unet
