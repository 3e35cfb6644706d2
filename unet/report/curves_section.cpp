#include <fmt/format.h>

#include <algorithm>

#include "unet/report/chart.h"
#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {
namespace {

// More points than pixels show nothing more.
constexpr std::size_t most_points = 300;
// Points that a smoothed curve averages over, as a part of all.
constexpr double smoothing = 0.04;

std::string figure(const Chart& chart, const std::string& caption) {
    std::string legend;
    for (const ChartLine& line : chart.lines)
        if (!line.name.empty())
            legend += fmt::format("<span class=\"key\"><i class=\"{}\"></i>{}</span>", line.style,
                                  escaped(line.name));
    if (!legend.empty()) legend += "<br>";
    return fmt::format(
        "<figure class=\"panel\"><h3>{}</h3>{}<figcaption>{}{}</figcaption></figure>\n",
        escaped(chart.title), chart_svg(chart), legend, caption);
}

std::string loss_figure(const TrainingLog& log) {
    if (log.loss.empty()) return {};
    const LearningCurve points = thinned(log.loss, most_points);
    Chart chart{.title = "Loss on training patches", .may_be_logarithmic = true};
    chart.lines.push_back({"means of 20 steps", "faint", points});
    chart.lines.push_back(
        {"smoothed", "first", smoothed(points, smoothing * static_cast<double>(points.size()))});
    return figure(chart, "What the training makes small. It should fall, then level off.");
}

std::string score_figure(const TrainingLog& log) {
    if (log.validations.empty()) return {};
    Chart chart{.title = "Score on validation images", .low = 0.0, .high = 1.0};
    ChartLine score{"score", "first", {}, true}, f1{"F1", "second", {}}, ap{"AP", "third", {}};
    std::optional<CurvePoint> best;
    for (const ValidationPoint& point : log.validations) {
        score.points.push_back({point.step, point.score});
        if (point.f1 >= 0.0) f1.points.push_back({point.step, point.f1});
        if (point.ap >= 0.0) ap.points.push_back({point.step, point.ap});
        if (point.best) best = CurvePoint{point.step, point.score};
    }
    chart.lines.push_back(score);
    for (const ChartLine& line : {f1, ap})
        if (!line.points.empty()) chart.lines.push_back(line);
    chart.mark = best;
    if (best) chart.mark_text = fmt::format("best: {:.3f}", best->value);
    const std::int64_t images = log.validations.back().images;
    return figure(
        chart,
        fmt::format("On {} between steps{}; the best model is kept.", counted(images, "image"),
                    f1.points.empty() ? "" : ", before threshold and size are fitted"));
}

std::string rate_figure(const TrainingLog& log) {
    if (log.learning_rate.empty()) return {};
    Chart chart{.title = "Learning rate", .low = 0.0};
    chart.lines.push_back({"", "first", thinned(log.learning_rate, most_points)});
    return figure(chart, "How far each step moves the weights.");
}

}  // namespace

std::string curves_section(const Report& report) {
    if (!report.log) return {};
    const TrainingLog& log = *report.log;
    const std::string figures = loss_figure(log) + score_figure(log) + rate_figure(log);
    std::string body =
        figures.empty()
            ? "<p>The log of this run holds no curves: it ended before the 20th step and "
              "before a validation.</p>"
            : "<div class=\"panels\">" + figures + "</div>";
    if (log.unreadable > 0)
        body += fmt::format(
            "<p class=\"remark\">{} of metrics.jsonl cannot be read and {} left "
            "out: a run that is killed leaves such a line.</p>",
            counted(log.unreadable, "line"), log.unreadable == 1 ? "is" : "are");
    return section("curves", "How it learned", body);
}

}  // namespace unet
