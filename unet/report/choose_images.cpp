#include "unet/report/choose_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace unet {
namespace {

std::optional<double> score_of(const Scores& scores, LabelKind kind) {
    if (kind != LabelKind::instances) return scores.iou();
    const ObjectErrors& errors = scores.errors;
    if (errors.true_objects() + errors.predicted_objects() == 0) return std::nullopt;
    return scores.f1();
}

std::string figures_of_image(const Scores& scores, LabelKind kind, double score) {
    if (kind != LabelKind::instances) return fmt::format("IoU {:.3f}", score);
    const ObjectErrors& errors = scores.errors;
    std::string text = fmt::format("F1 {:.3f}: {} annotated, {} predicted", score,
                                   errors.true_objects(), errors.predicted_objects());
    for (const auto& [count, word] : {std::pair{errors.missed, "missed"},
                                      {errors.merged, "merged"},
                                      {errors.split, "split"},
                                      {errors.invented, "invented"}})
        if (count > 0) text += fmt::format(", {} {}", count, word);
    return text;
}

}  // namespace

std::vector<ChosenImage> choose_images(const Evaluation& evaluation) {
    const LabelKind kind = evaluation.options.kind;
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < evaluation.images.size(); ++i)
        if (const auto score = score_of(evaluation.images[i].scores, kind))
            order.emplace_back(*score, i);
    std::sort(order.begin(), order.end());

    const char* figure = kind == LabelKind::instances ? "F1" : "IoU";
    std::vector<ChosenImage> chosen;
    const auto choose = [&](std::size_t place, std::string why) {
        const auto [score, index] = order[place];
        chosen.push_back({index, std::move(why),
                          figures_of_image(evaluation.images[index].scores, kind, score)});
    };
    const std::size_t worst = std::min(shown_of_each, order.size());
    for (std::size_t place = 0; place < worst; ++place)
        choose(place, place == 0 ? fmt::format("lowest {}", figure)
                                 : fmt::format("{} lowest {}", place == 1 ? "2nd" : "3rd", figure));
    const std::size_t middle = order.size() / 2;
    const std::size_t first = std::max(worst, middle - std::min(middle, shown_of_each / 2));
    for (std::size_t place = first; place < std::min(first + shown_of_each, order.size()); ++place)
        choose(place, place == middle ? fmt::format("median {}", figure)
                                      : fmt::format("near the median {}", figure));
    return chosen;
}

std::vector<ChosenImage> choose_by_count(const std::vector<std::int64_t>& counts,
                                         const std::string& unit) {
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    for (std::size_t i = 0; i < counts.size(); ++i) order.emplace_back(counts[i], i);
    std::sort(order.begin(), order.end());
    const std::size_t shown = std::min(2 * shown_of_each, order.size());
    std::vector<ChosenImage> chosen;
    for (std::size_t i = 0; i < shown; ++i) {
        const std::size_t place = shown < 2 ? 0 : i * (order.size() - 1) / (shown - 1);
        const std::string why = shown < 2        ? "the only image"
                                : i == 0         ? fmt::format("fewest {}", unit)
                                : i + 1 == shown ? fmt::format("most {}", unit)
                                                 : "between";
        chosen.push_back(
            {order[place].second, why, fmt::format("{} {}", order[place].first, unit)});
    }
    return chosen;
}

}  // namespace unet
