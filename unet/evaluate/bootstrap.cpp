#include "unet/evaluate/bootstrap.h"

#include <algorithm>
#include <optional>

#include "unet/core/error.h"
#include "unet/core/random.h"
#include "unet/evaluate/evaluation.h"
#include "unet/evaluate/figures.h"

namespace unet {
namespace {

using Values = std::vector<double>;

void check(const BootstrapOptions& options) {
    if (options.resamples < 1 || !(options.level > 0.0 && options.level < 1.0))
        fail(ErrorCode::invalid_argument,
             "bootstrap: found {} resamples and level {}, expected at least 1 and a level between "
             "0 and 1",
             options.resamples, options.level);
}

/// The images' scores without lists that only grow.
std::vector<Scores> lean_scores(const Evaluation& evaluation) {
    std::vector<Scores> scores;
    for (const ImageScores& image : evaluation.images) {
        scores.push_back(image.scores);
        scores.back().objects = {};
    }
    return scores;
}

Scores resample(const std::vector<Scores>& images, const BootstrapOptions& options,
                std::int64_t number) {
    Random random(options.seed, Purpose::bootstrap, static_cast<std::uint32_t>(number));
    Scores sum;
    for (std::size_t i = 0; i < images.size(); ++i)
        sum += images[random.below(static_cast<std::int64_t>(images.size()))];
    return sum;
}

/// By figure, then resample; a figure that one resample does not define has fewer values.
std::vector<Values> resampled_figures(const Evaluation& evaluation,
                                      const BootstrapOptions& options) {
    const std::vector<Scores> images = lean_scores(evaluation);
    const auto figures = figures_of(evaluation.options);
    std::vector<Values> values(figures.size());
    for (std::int64_t number = 0; number < options.resamples; ++number) {
        const Scores sum = resample(images, options, number);
        for (std::size_t i = 0; i < figures.size(); ++i)
            if (const auto value = (sum.*figures[i].value)()) values[i].push_back(*value);
    }
    return values;
}

double quantile(const Values& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

struct Interval {
    double low, high;
};

Interval interval_of(Values values, double level) {
    std::sort(values.begin(), values.end());
    return {quantile(values, (1.0 - level) / 2.0), quantile(values, (1.0 + level) / 2.0)};
}

bool is_complete(const Values& values, const BootstrapOptions& options) {
    return static_cast<std::int64_t>(values.size()) == options.resamples;
}

void check_same_images(const Evaluation& a, const Evaluation& b) {
    if (a.options.kind != b.options.kind || a.images.size() != b.images.size())
        fail(ErrorCode::invalid_argument,
             "comparing evaluations: {} images with {} on one side, {} with {} on the other; "
             "compare predictions of the same images",
             a.images.size(), to_string(a.options.kind), b.images.size(),
             to_string(b.options.kind));
    for (std::size_t i = 0; i < a.images.size(); ++i)
        if (a.images[i].name != b.images[i].name)
            fail(ErrorCode::invalid_argument,
                 "comparing evaluations: image {} is {} on one side and {} on the other; compare "
                 "predictions of the same images",
                 i + 1, a.images[i].name, b.images[i].name);
    if (a.images.size() < 2)
        fail(ErrorCode::invalid_argument,
             "comparing evaluations: found {} image, expected two or more: the interval comes from "
             "how images differ",
             a.images.size());
}

}  // namespace

std::vector<FigureInterval> bootstrap_intervals(const Evaluation& evaluation,
                                                const BootstrapOptions& options) {
    check(options);
    if (evaluation.images.size() < 2) return {};
    const auto figures = figures_of(evaluation.options);
    const std::vector<Values> values = resampled_figures(evaluation, options);
    std::vector<FigureInterval> intervals;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (!is_complete(values[i], options)) continue;
        const Interval interval = interval_of(values[i], options.level);
        intervals.push_back({figures[i].name, interval.low, interval.high});
    }
    return intervals;
}

std::vector<FigureComparison> compare_evaluations(const Evaluation& a, const Evaluation& b,
                                                  const BootstrapOptions& options) {
    check(options);
    check_same_images(a, b);
    const auto figures = figures_of(a.options);
    const std::vector<Values> of_a = resampled_figures(a, options);
    const std::vector<Values> of_b = resampled_figures(b, options);
    std::vector<FigureComparison> comparisons;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (!is_complete(of_a[i], options) || !is_complete(of_b[i], options)) continue;
        Values differences(of_a[i].size());
        std::transform(of_b[i].begin(), of_b[i].end(), of_a[i].begin(), differences.begin(),
                       std::minus<>());
        const Interval interval = interval_of(std::move(differences), options.level);
        const auto value_a = (a.totals.*figures[i].value)(),
                   value_b = (b.totals.*figures[i].value)();
        FigureComparison comparison{figures[i].name, value_a.value_or(0.0), value_b.value_or(0.0),
                                    interval.low, interval.high};
        const bool more = interval.low > 0.0, less = interval.high < 0.0;
        if (more || less)
            comparison.better = more == figures[i].more_is_better ? Better::b : Better::a;
        comparisons.push_back(comparison);
    }
    return comparisons;
}

}  // namespace unet
