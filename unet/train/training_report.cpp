// What a training run tells: its plan before the first step, its summary in the model, its result.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/core/shell.h"
#include "unet/report/html_report.h"
#include "unet/train/run_report.h"
#include "unet/train/training_run.h"

namespace unet {
namespace {

/// "nuclei" of "/home/me/nuclei/": a model does not tell where its data were kept.
std::string last_name(const std::filesystem::path& path) {
    const auto name = path.filename();
    return (name.empty() ? path.parent_path().filename() : name).string();
}

/// A path need not be UTF-8; JSON must be.
std::string text_of(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string TrainingRun::settings() { return text_of(to_json(sections_of(options_))); }

Model TrainingRun::current_model() const {
    Model model;
    model.network = options_.recipe.network;
    model.tensors = learner_->weights();
    model.info = data_.info;
    model.info.description = options_.description;
    model.info.threshold = decision_.threshold;
    model.info.minimum_size = decision_.minimum_size;
    model.info.split_depth = decision_.split_depth;
    model.info.training = training_summary(nullptr);
    return model;
}

std::string TrainingRun::decision_text() const {
    std::string text = fmt::format("threshold {}", decision_.threshold);
    if (data_.info.labels != LabelKind::instances) return text;
    text += fmt::format(", objects from {} pixels", decision_.minimum_size);
    if (decision_.split_depth > 0.0)
        text += fmt::format(", parted at waists {:.2f} pixels deep", decision_.split_depth);
    return text;
}

PredictOptions TrainingRun::predict_options() const {
    PredictOptions options;
    options.threads = context_.threads();
    options.exact = options_.exact;
    options.scale = 1.0;  // patches are drawn from pixels as they are
    options.memory = predict_memory(learner_->plan().bytes());
    options.cancelled = hooks_.cancelled;
    return options;
}

BatchOptions TrainingRun::batch_options() const {
    return {.batch_size = options_.recipe.sampling.batch_size,
            .geometry = patch_geometry(options_.recipe),
            .foreground = options_.recipe.sampling.foreground,
            .augment = options_.recipe.augment,
            .seed = static_cast<std::uint64_t>(options_.seed)};
}

/// What the model file says about its training. Without times where the number of steps was given,
/// so that equal runs write equal files.
std::string TrainingRun::training_summary(const Validation* validation) const {
    nlohmann::ordered_json json;
    json["data"] = last_name(data_.name);
    json["training_images"] = data_.training_images;
    json["validation_images"] = data_.validation.samples.size();
    json["step"] = state_.step;
    if (options_.extent.by_time()) json["seconds"] = now();
    json["seed"] = options_.seed;
    json["preset"] = options_.recipe.preset;
    json["kernels"] = backend_.kernels->name;
    if (validation) {
        const Scores& scores = validation->scores;
        auto& object = json["validation"];
        object["step"] = state_.best_step;
        object["images"] = validation->images;
        object["score"] = validation->score;
        if (scores.f1()) object["f1"] = *scores.f1();
        if (scores.ap()) object["ap"] = *scores.ap();
        if (scores.iou()) object["iou"] = *scores.iou();
    }
    Recipe recipe = options_.recipe;
    json["recipe"] = to_json(sections_of(recipe));
    return text_of(json);
}

bool TrainingRun::time_for(double seconds) const {
    return !options_.extent.by_time() || now() + seconds < options_.extent.seconds;
}

void TrainingRun::write_report() {
    try {
        Report report = report_of_folder(folder_, options_, state_);
        fill_report(report);
        unet::write_report(folder_.report(), report);
    } catch (const std::exception& error) {  // the training itself is done and saved
        log_.line(fmt::format("warning: no report was written: {}; `unet report {}` tries again",
                              error.what(), shell_word(folder_.path().string())));
    }
}

void TrainingRun::fill_report(Report& report) {
    const std::string later =
        fmt::format("`unet report {}` makes up for it", shell_word(folder_.path().string()));
    if (scores_) {
        if (time_for(intervals_seconds(std::ssize(scores_->images))))
            scores_->intervals = bootstrap_intervals(*scores_);
        add_validation(report, *scores_, *validator_, decision_, data_.info.class_names);
    } else if (!validator_->empty()) {
        report.remarks.push_back(
            "The training was stopped before its end: scores and pictures of "
            "validation images are left out; " +
            later + ".");
    }
    if (check_) {
        report.check = *check_;
        return;
    }
    if (!state_.finished) return;
    if (!limits_.check) {
        report.remarks.push_back(
            "Faults in the data were not looked for, which would take more memory than there is; "
            "`unet check` on them does it.");
        return;
    }
    if (!time_for(check_seconds())) {
        report.remarks.push_back("There was no time left to look for faults in the data; " + later +
                                 ".");
        return;
    }
    // The data are read once more, as they are, into the place of those that were trained on.
    validator_.reset();
    data_.validation = {};
    data_.set.reset();
    try {
        report.check = check_data(context_, {reading_of(options_), options_.val});
    } catch (const Error& error) {
        report.remarks.push_back(fmt::format("The data could not be checked: {}", error.what()));
    }
}

TrainResult TrainingRun::result(TrainStatus status) {
    TrainResult result;
    result.status = status;
    result.step = state_.step;
    result.seconds = now();
    result.run = folder_.path();
    result.model = folder_.model();
    if (scores_) result.scores = scores_->totals;
    result.best_score = state_.best_score;
    result.best_step = state_.best_step;
    result.steps_per_second = log_.steps_per_second();
    result.waited_seconds = waited_seconds_;
    result.planned_bytes = planned_bytes_;
    result.predict_command = folder_.predict_command();
    result.resume_command = folder_.resume_command();
    if (status == TrainStatus::finished)
        result.resume_command += options_.extent.by_time() ? " --budget +10m" : " --steps +1000";
    folder_.add_log(fmt::format("{} after step {}; {}; {}",
                                status == TrainStatus::finished ? "finished" : "stopped",
                                state_.step, result.predict_command, result.resume_command));
    return result;
}

}  // namespace unet
