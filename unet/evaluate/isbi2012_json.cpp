#include <nlohmann/json.hpp>

#include "unet/evaluate/isbi2012.h"

namespace unet {
namespace {

using Json = nlohmann::ordered_json;

/// Each score with its parts, which fall where true segments are split, or merged.
void add_v_rand(Json& json, const Isbi2012Counts& counts) {
    json["v_rand"] = counts.v_rand();
    json["v_rand_split"] = counts.thinned_pairs.recall();
    json["v_rand_merge"] = counts.thinned_pairs.precision();
}

void add_v_info(Json& json, const Isbi2012Counts& counts) {
    json["v_info"] = counts.v_info();
    json["v_info_split"] = counts.per_slice(counts.v_info_split_sum);
    json["v_info_merge"] = counts.per_slice(counts.v_info_merge_sum);
}

Json threshold_json(const Isbi2012Counts& counts) {
    Json json{{"threshold", counts.threshold},
              {"wrong_pixels", counts.wrong_pixels()},
              {"pixel_precision", counts.pixel_precision()},
              {"pixel_recall", counts.pixel_recall()},
              {"pixel_f1", counts.pixel_f1()},
              {"wrong_pairs", counts.rand_error()},
              {"rand_precision", counts.pairs.precision()},
              {"rand_recall", counts.pairs.recall()},
              {"rand_f1", counts.pairs.f1()},
              {"variation_of_information", counts.variation()}};
    add_v_rand(json, counts);
    add_v_info(json, counts);
    const WarpingErrors& warping = counts.warping;
    json["warping_error"] = warping.split_and_merge_error();
    json["warping_error_all"] = warping.error();
    json["warping_pixels"] = {{"splits", warping.splits},
                              {"mergers", warping.mergers},
                              {"hole_additions", warping.hole_additions},
                              {"hole_deletions", warping.hole_deletions},
                              {"object_additions", warping.object_additions},
                              {"object_deletions", warping.object_deletions}};
    return json;
}

void add_scores(Json& json, const Isbi2012Scores& scores) {
    json["slices"] = scores.thresholds.front().slices;
    json["pixel_error"] = scores.pixel_error();
    json["rand_error"] = scores.rand_error();
    json["warping_error"] = scores.warping_error();
    add_v_rand(json, scores.best_v_rand());
    add_v_info(json, scores.best_v_info());
    json["pixel_threshold"] = scores.best_pixels().threshold;
    json["rand_threshold"] = scores.best_pairs().threshold;
    json["warping_threshold"] = scores.best_warping().threshold;
    json["v_rand_threshold"] = scores.best_v_rand().threshold;
    json["v_info_threshold"] = scores.best_v_info().threshold;
    json["by_threshold"] = Json::array();
    for (const Isbi2012Counts& counts : scores.thresholds)
        json["by_threshold"].push_back(threshold_json(counts));
}

}  // namespace

Json to_json(const Isbi2012Evaluation& evaluation) {
    Json json{{"kind", "isbi2012"}};
    if (!evaluation.totals.thresholds.empty()) add_scores(json, evaluation.totals);
    if (!evaluation.notes.empty()) json["notes"] = evaluation.notes;
    json["images"] = Json::array();
    for (const Isbi2012Image& image : evaluation.images) {
        Json entry{{"name", image.name}};
        add_scores(entry, image.scores);
        json["images"].push_back(std::move(entry));
    }
    return json;
}

}  // namespace unet
