#include <array>
#include <nlohmann/json.hpp>

#include "unet/evaluate/evaluation.h"
#include "unet/evaluate/figures.h"

namespace unet {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(std::optional<double> value) { return value ? Json(*value) : Json(nullptr); }

Json threshold_json(const MatchCounts& counts) {
    return {{"iou", counts.threshold},
            {"tp", counts.true_positives},
            {"fp", counts.false_positives},
            {"fn", counts.false_negatives},
            {"precision", counts.precision()},
            {"recall", counts.recall()},
            {"f1", counts.f1()},
            {"accuracy", counts.accuracy()},
            {"mean_matched_score", counts.mean_matched_score()},
            {"mean_true_score", counts.mean_true_score()},
            {"panoptic_quality", counts.panoptic_quality()}};
}

Json classes_json(const Scores& scores, const EvaluateOptions& options) {
    Json list = Json::array();
    const auto& classes = scores.confusion.classes();
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (classes[i].truth == 0 && classes[i].predicted == 0) continue;
        list.push_back({{"class", i},
                        {"name", class_name(options, i)},
                        {"iou", or_null(classes[i].iou())},
                        {"dice", or_null(classes[i].dice())},
                        {"pixels_true", classes[i].truth},
                        {"pixels_predicted", classes[i].predicted}});
        if (i == 0 || i >= scores.surfaces.size()) continue;
        const SurfaceSum& surface = scores.surfaces[i];
        list.back().update(Json{{"hd95", or_null(surface.hd95())},
                                {"assd", or_null(surface.assd())},
                                {"surface_dice", or_null(surface.surface_dice())},
                                {"pictures_measured", surface.measured},
                                {"pictures_one_sided", surface.one_sided}});
    }
    return list;
}

Json sizes_json(const SizedObjects& objects, const EvaluateOptions& options) {
    constexpr std::array names{"small", "medium", "large"};
    const auto sizes = by_size(objects, options.size_limits.value_or(tertiles(objects)));
    Json list = Json::array();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const SizeClass& size = sizes[i];
        list.push_back({{"size", names[i]},
                        {"pixels_from", size.low},
                        {"pixels_below", i + 1 < sizes.size() ? Json(size.high) : Json(nullptr)},
                        {"n_true", size.true_objects},
                        {"found", size.found},
                        {"recall", or_null(size.recall())},
                        {"mean_iou", or_null(size.mean_iou())},
                        {"n_predicted", size.predicted_objects},
                        {"wrong", size.wrong},
                        {"precision", or_null(size.precision())}});
    }
    return list;
}

Json errors_json(const ObjectErrors& errors) {
    return {{"matched", errors.matched},  {"merged", errors.merged},   {"split", errors.split},
            {"missed", errors.missed},    {"merging", errors.merging}, {"pieces", errors.pieces},
            {"invented", errors.invented}};
}

void add_scores(Json& json, const Scores& scores, const EvaluateOptions& options) {
    const bool instances = options.kind == LabelKind::instances;
    for (const Figure& figure : figures_of(options))
        json[figure.name] = or_null((scores.*figure.value)());
    if (instances) {
        const MatchCounts any = scores.matches.empty() ? MatchCounts{} : scores.matches.front();
        json["n_true"] = any.true_objects();
        json["n_predicted"] = any.predicted_objects();
        json["errors"] = errors_json(scores.errors);
    }
    json["pixels"] = scores.confusion.pixels();
    if (instances) {
        json["by_threshold"] = Json::array();
        for (const MatchCounts& counts : scores.matches)
            json["by_threshold"].push_back(threshold_json(counts));
    }
    json["classes"] = classes_json(scores, options);
}

}  // namespace

std::string class_name(const EvaluateOptions& options, std::size_t index) {
    if (index < options.class_names.size()) return options.class_names[index];
    if (index == 0) return "background";
    if (options.kind == LabelKind::instances) return "object";
    if (options.kind == LabelKind::binary) return "foreground";
    return std::to_string(index);
}

Json to_json(const Evaluation& evaluation) {
    Json json;
    json["kind"] = to_string(evaluation.options.kind);
    add_scores(json, evaluation.totals, evaluation.options);
    if (evaluation.options.kind == LabelKind::instances)
        json["by_size"] = sizes_json(evaluation.totals.objects, evaluation.options);
    if (const auto& surface = evaluation.options.surface)
        json["surface"] = {{"unit", surface->unit}, {"tolerance", surface->tolerance}};
    for (const FigureInterval& interval : evaluation.intervals)
        json["intervals"][interval.figure] = {interval.low, interval.high};
    if (!evaluation.notes.empty()) json["notes"] = evaluation.notes;
    json["images"] = Json::array();
    for (const ImageScores& image : evaluation.images) {
        Json entry{{"name", image.name}};
        add_scores(entry, image.scores, evaluation.options);
        json["images"].push_back(std::move(entry));
    }
    return json;
}

}  // namespace unet
