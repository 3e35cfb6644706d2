#include "unet/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "unet/report/html.h"

namespace unet {
namespace {

// In units of the drawing, whose width on the page is about 400 to 520 pixels.
constexpr double width = 520.0, height = 270.0;
constexpr double left = 62.0, right = 16.0, top = 14.0, bottom = 46.0;

/// From values to places on the drawing.
struct Axis {
    double low = 0.0, high = 1.0;
    double from = 0.0, to = 1.0;
    bool logarithmic = false;
    bool whole = false;  ///< counts: ticks at whole numbers only

    double at(double value) const {
        const auto scaled = [&](double v) { return logarithmic ? std::log10(v) : v; };
        const double share = (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
        return from + std::clamp(share, 0.0, 1.0) * (to - from);
    }
};

std::vector<double> logarithmic_ticks(double low, double high) {
    const double decades = std::log10(high / low);
    std::vector<double> ticks;
    for (double power = std::floor(std::log10(low)); power <= std::ceil(std::log10(high)); ++power)
        for (const double factor : {1.0, 2.0, 5.0}) {
            if (factor > 1.0 && decades > 2.5) continue;
            const double tick = factor * std::pow(10.0, power);
            if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push_back(tick);
        }
    return ticks;
}

std::vector<double> ticks_of(const Axis& axis, int count) {
    auto ticks = axis.logarithmic ? logarithmic_ticks(axis.low, axis.high)
                                  : round_ticks(axis.low, axis.high, count);
    if (axis.whole) std::erase_if(ticks, [](double tick) { return tick != std::round(tick); });
    return ticks;
}

Axis vertical_axis(const Chart& chart) {
    double low = INFINITY, high = -INFINITY;
    for (const ChartLine& line : chart.lines)
        for (const CurvePoint& point : line.points) {
            low = std::min(low, point.value);
            high = std::max(high, point.value);
        }
    if (low > high) low = high = 0.0;
    Axis axis{low, high, height - bottom, top};
    axis.logarithmic = chart.may_be_logarithmic && low > 0.0 && high >= 10.0 * low;
    if (!axis.logarithmic) {
        const double room = high > low ? 0.06 * (high - low) : std::max(0.1 * std::abs(high), 1e-9);
        axis.low = low >= 0.0 && low < 0.3 * high ? 0.0 : low - room;
        axis.high = high + room;
    }
    axis.low = chart.low.value_or(axis.low);
    axis.high = chart.high.value_or(axis.high);
    return axis;
}

Axis horizontal_axis(const Chart& chart) {
    std::int64_t last = 1;
    for (const ChartLine& line : chart.lines)
        for (const CurvePoint& point : line.points) last = std::max(last, point.step);
    return {0.0, static_cast<double>(last), left, width - right};
}

std::string grid(const Axis& x, const Axis& y) {
    std::string svg;
    for (const double tick : ticks_of(y, 5))
        svg += fmt::format(
            "<line class=\"grid\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>"
            "<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"tick end\">{}</text>",
            x.from, y.at(tick), x.to, y.at(tick), x.from - 8.0, y.at(tick) + 4.5, tick_text(tick));
    for (const double tick : ticks_of(x, 5))
        svg += fmt::format(
            "<line class=\"axis\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>"
            "<text x=\"{0:.1f}\" y=\"{3:.1f}\" class=\"tick middle\">{4}</text>",
            x.at(tick), y.from, y.from + 4.0, y.from + 19.0, tick_text(tick));
    svg += fmt::format(
        "<line class=\"axis\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", x.from,
        y.from, x.to, y.from);
    return svg;
}

std::string line_svg(const ChartLine& line, const Axis& x, const Axis& y) {
    std::string points, dots;
    for (const CurvePoint& point : line.points) {
        const double px = x.at(static_cast<double>(point.step)), py = y.at(point.value);
        points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", px, py);
        if (line.dots)
            dots += fmt::format(
                "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.4\"><title>step {}: "
                "{:.4f}</title></circle>",
                line.style, px, py, point.step, point.value);
    }
    return fmt::format("<polyline class=\"{}\" points=\"{}\"/>{}", line.style, points, dots);
}

std::string mark_svg(const Chart& chart, const Axis& x, const Axis& y) {
    const double px = x.at(static_cast<double>(chart.mark->step)), py = y.at(chart.mark->value);
    const bool beyond = px > 0.6 * width;
    // Below a point near the top, above one elsewhere.
    const double text_y = py < top + 30.0 ? py + 24.0 : py - 12.0;
    return fmt::format(
        "<circle class=\"mark\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6.5\"/>"
        "<text class=\"mark {}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
        px, py, beyond ? "end" : "", px + (beyond ? 8.0 : -8.0), text_y, escaped(chart.mark_text));
}

std::string svg_head(const std::string& title) {
    return fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                       width, height, escaped(title));
}

std::string axis_title(const std::string& text) {
    return fmt::format("<text class=\"tick middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                       (left + width - right) / 2.0, height - 6.0, escaped(text));
}

}  // namespace

std::string tick_text(double value) {
    const double size = std::abs(value);
    if (size >= 1e6) return fmt::format("{:.3g}M", value / 1e6);
    if (size >= 1e4) return fmt::format("{:.3g}k", value / 1e3);
    if (size >= 1e-3 || size < 1e-12) return fmt::format("{:.4g}", size < 1e-12 ? 0.0 : value);
    return fmt::format("{:.0e}", value);
}

std::vector<double> round_ticks(double low, double high, int count) {
    const double rough = (high - low) / count;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10.0 * power;
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough * 0.999) {
            step = factor * power;
            break;
        }
    std::vector<double> ticks;
    const double slack = 1e-9 * step;
    for (double tick = std::ceil((low - slack) / step) * step; tick <= high + slack; tick += step)
        ticks.push_back(tick);
    return ticks;
}

LearningCurve thinned(const LearningCurve& curve, std::size_t most) {
    if (curve.size() <= most) return curve;
    LearningCurve result;
    for (std::size_t i = 0; i < most; ++i) {
        const std::size_t begin = i * curve.size() / most, end = (i + 1) * curve.size() / most;
        double sum = 0.0;
        for (std::size_t k = begin; k < end; ++k) sum += curve[k].value;
        result.push_back({curve[end - 1].step, sum / static_cast<double>(end - begin)});
    }
    return result;
}

LearningCurve smoothed(const LearningCurve& curve, double window) {
    const double keep = std::exp(-1.0 / std::max(window, 1e-9));
    LearningCurve result;
    double sum = 0.0, weight = 0.0;  // of what came before, so that the first values are no zeros
    for (const CurvePoint& point : curve) {
        sum = keep * sum + point.value;
        weight = keep * weight + 1.0;
        result.push_back({point.step, sum / weight});
    }
    return result;
}

std::string chart_svg(const Chart& chart) {
    const Axis x = horizontal_axis(chart), y = vertical_axis(chart);
    std::string svg = svg_head(chart.title) + grid(x, y) + axis_title("step");
    for (const ChartLine& line : chart.lines) svg += line_svg(line, x, y);
    if (chart.mark) svg += mark_svg(chart, x, y);
    return svg + "</svg>";
}

std::string histogram_svg(const Histogram& histogram) {
    const auto& counts = histogram.counts;
    const std::int64_t most =
        counts.empty() ? 1 : std::max<std::int64_t>(1, std::ranges::max(counts));
    const Axis x{histogram.low, histogram.high, left, width - right};
    const Axis y{0.0, 1.08 * static_cast<double>(most), height - bottom, top, false, true};
    std::string svg = svg_head(histogram.title) + grid(x, y) + axis_title(histogram.unit);
    const double bar =
        (x.to - x.from) / static_cast<double>(std::max<std::size_t>(counts.size(), 1));
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double place = y.at(static_cast<double>(counts[i]));
        svg += fmt::format(
            "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">"
            "<title>{}</title></rect>",
            x.from + static_cast<double>(i) * bar + 0.5, place, std::max(bar - 1.0, 0.5),
            y.from - place, counted(counts[i], "object"));
    }
    return svg + "</svg>";
}

}  // namespace unet
