#include "unet/train/run/model_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "unet/train/run/training_memory.h"

namespace unet {
namespace {

// By how much another normalisation must score better than the one that the network learned under:
// on a handful of images less is chance.
constexpr double normalisation_gain = 0.05;

/// Threshold, smallest object and depth of splitting, for people.
std::string decision_text(const Decision& decision, LabelKind labels) {
    std::string text = fmt::format("threshold {}", decision.threshold);
    if (labels != LabelKind::instances) return text;
    text += fmt::format(", objects from {} pixels", decision.minimum_size);
    if (decision.split_depth > 0.0)
        text += fmt::format(", parted at waists {:.2f} pixels deep", decision.split_depth);
    return text;
}

/// "nuclei" of "/home/me/nuclei/": a model does not tell where its data were kept.
std::string last_name(const std::filesystem::path& path) {
    const auto name = path.filename();
    return (name.empty() ? path.parent_path().filename() : name).string();
}

}  // namespace

ModelSelection::ModelSelection(const Run& run, std::int64_t tile_bytes) : run_(run) {
    predict_options_.threads = run_.context.threads();
    predict_options_.exact = run_.options.exact;
    predict_options_.scale = 1.0;  // patches are drawn from pixels as they are
    predict_options_.memory = tile_bytes;
    predict_options_.cancelled = run_.hooks.cancelled;
    validator_.emplace(run_.data.validation, static_cast<std::uint64_t>(run_.options.seed),
                       run_.data.info.object_size);
    decision_ = validator_->usual();
}

Validation ModelSelection::validate(const Model& model, std::int64_t images, bool keep) {
    return validator_->validate(model, predict_options_, validator_->usual(), images, keep);
}

Model ModelSelection::model(std::vector<NamedTensor> weights) const {
    Model model;
    model.network = run_.options.recipe.network;
    model.tensors = std::move(weights);
    model.info = run_.data.info;
    model.info.description = run_.options.description;
    decision_.write_into(model.info);
    model.info.training = summary(nullptr);
    return model;
}

/// Without times where the number of steps was given, so that equal runs write equal files.
std::string ModelSelection::summary(const Validation* validation) const {
    nlohmann::ordered_json json;
    json["data"] = last_name(run_.data.name);
    json["training_images"] = run_.data.training_images;
    json["validation_images"] = run_.data.validation.samples.size();
    json["step"] = run_.state.step;
    if (run_.options.extent.by_time()) json["seconds"] = run_.hooks.clock();
    json["seed"] = run_.options.seed;
    json["preset"] = run_.options.recipe.preset;
    json["kernels"] = run_.state.kernels;
    if (validation) {
        const Scores& scores = validation->scores;
        auto& object = json["validation"];
        object["step"] = run_.state.best_step;
        object["images"] = validation->images;
        object["score"] = validation->score;
        if (scores.f1()) object["f1"] = *scores.f1();
        if (scores.ap()) object["ap"] = *scores.ap();
        if (scores.iou()) object["iou"] = *scores.iou();
    }
    Recipe recipe = run_.options.recipe;
    json["recipe"] = to_json(sections_of(recipe));
    return text_of(json);
}

void ModelSelection::choose_images(const std::function<Model()>& current) {
    if (empty()) return;
    if (run_.options.extent.by_time()) {
        // How long a pixel takes is measured on one image before the first step; a second time if
        // there is time, since the first prediction of a process also gets its memory.
        for (int turn = 0; turn < 2; ++turn) {
            const double start = run_.hooks.clock();
            run_.forecast.validated(validate(current(), 1));
            if (run_.forecast.is_long(run_.hooks.clock() - start)) break;
        }
    }
    // There may be fewer than the run had before: its data changed.
    std::int64_t& images = run_.state.validation_images;
    images = std::min(images, validator_->images());
    if (images == 0) images = run_.forecast.images_between_steps(*validator_);
}

std::int64_t ModelSelection::planned_bytes(const Model& model) const {
    if (empty()) return 0;
    std::int64_t most = 0;
    const Predictor predictor(model, predict_options_);
    for (const Sample& sample : run_.data.validation.samples) {
        const Size3& size = sample.image.size;
        most = std::max(most, predictor.planned_bytes(size, PredictionKind::probabilities) +
                                  validation_result_bytes(model.network.classes, size.elements()));
    }
    return most + kept_bytes(run_.options.recipe.loss.targets) *
                      validator_->pixels(std::max(run_.state.validation_images,
                                                  validator_->images_within(pixels_at_the_end)));
}

Validation ModelSelection::look(Model& model) {
    TrainingState& state = run_.state;
    Validation seen = validate(model, state.validation_images);
    run_.forecast.validated(seen);
    state.validated_step = state.step;
    if (seen.score >= state.best_score) {  // of equals the one that learned longer
        state.best_score = seen.score;
        state.best_step = state.step;
        model.info.training = summary(&seen);
    }
    return seen;
}

std::int64_t ModelSelection::images_at_the_end() const {
    return run_.forecast.images_at_the_end(*validator_, run_.state.validation_images);
}

double ModelSelection::end_seconds(bool checked) const {
    return run_.forecast.end_seconds(*validator_, {.between = run_.state.validation_images,
                                                   .normalisations = run_.data.other.has_value(),
                                                   .checked = checked});
}

/// Which of two normalisations the best model does clearly better with; else the one it has.
void ModelSelection::choose_normalisation(Model& best) {
    const ModelInfo& info = run_.data.info;
    const std::optional<ModelInfo>& other = run_.data.other;
    if (!other) return;
    const auto use = [&](const ModelInfo& chosen) {
        best.info.normalisation = chosen.normalisation;
        best.info.intensities = chosen.intensities;
    };
    use(*other);
    const Validation seen = validate(best, run_.state.validation_images);
    if (!(seen.score > run_.state.best_score + normalisation_gain)) use(info);
    run_.log.line(fmt::format("intensities: '{}' scores {:.4f}, '{}' {:.4f}: the model takes '{}'",
                              to_string(info.normalisation), run_.state.best_score,
                              to_string(other->normalisation), seen.score,
                              to_string(best.info.normalisation)));
}

void ModelSelection::settle(Model& best) {
    choose_normalisation(best);
    Validation seen = validate(best, images_at_the_end(), true);
    decision_ = validator_->decide(run_.context);
    scores_ = validator_->rescored(decision_);
    seen.scores = scores_->totals;
    const LabelKind labels = run_.data.info.labels;
    seen.score = score_of(seen.scores, labels);
    decision_.write_into(best.info);
    best.info.training = summary(&seen);
    run_.log.line(fmt::format("best: step {}, score {:.4f} on {} validation images{}",
                              run_.state.best_step, seen.score, seen.images,
                              best.network.classes > 2 && best.info.boundary == 0.0
                                  ? ""
                                  : " (" + decision_text(decision_, labels) + ")"));
}

}  // namespace unet
