#include <nlohmann/json.hpp>

#include "unet/evaluate/evaluation.h"

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

std::string class_name(const EvaluateOptions& options, std::size_t index) {
    if (index < options.class_names.size()) return options.class_names[index];
    if (index == 0) return "background";
    if (options.kind == LabelKind::instances) return "object";
    if (options.kind == LabelKind::binary) return "foreground";
    return std::to_string(index);
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
    }
    return list;
}

void add_scores(Json& json, const Scores& scores, const EvaluateOptions& options) {
    const bool instances = options.kind == LabelKind::instances;
    if (instances) {
        json["f1"] = or_null(scores.f1());
        json["precision"] = or_null(scores.precision());
        json["recall"] = or_null(scores.recall());
        json["ap"] = or_null(scores.ap());
        json["pq"] = or_null(scores.pq());
        json["seg"] = or_null(scores.seg());
        json["det"] = or_null(scores.det());
        json["aji"] = or_null(scores.aji());
        json["aji_plus"] = or_null(scores.aji_plus());
        const MatchCounts any = scores.matches.empty() ? MatchCounts{} : scores.matches.front();
        json["n_true"] = any.true_objects();
        json["n_predicted"] = any.predicted_objects();
    }
    json["iou"] = or_null(scores.iou());
    json["dice"] = or_null(scores.dice());
    json["pixel_error"] = or_null(scores.pixel_error());
    json["pixels"] = scores.confusion.pixels();
    if (instances) {
        json["by_threshold"] = Json::array();
        for (const MatchCounts& counts : scores.matches)
            json["by_threshold"].push_back(threshold_json(counts));
    }
    json["classes"] = classes_json(scores, options);
}

}  // namespace

Json to_json(const Evaluation& evaluation) {
    Json json;
    json["kind"] = to_string(evaluation.options.kind);
    add_scores(json, evaluation.totals, evaluation.options);
    json["images"] = Json::array();
    for (const ImageScores& image : evaluation.images) {
        Json entry{{"name", image.name}};
        add_scores(entry, image.scores, evaluation.options);
        json["images"].push_back(std::move(entry));
    }
    return json;
}

}  // namespace unet
