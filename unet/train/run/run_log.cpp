#include "unet/train/run/run_log.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "unet/core/error.h"

namespace unet {

void RunLog::line(const std::string& text) const {
    note(text);
    if (hooks_.log) hooks_.log(text);
}

std::string RunLog::worded(const std::string& text) const {
    return hooks_.worded ? hooks_.worded(text) : text;
}

void RunLog::note(const std::string& text) const { append(&RunFolder::add_log, worded(text)); }

void RunLog::append(void (RunFolder::*add)(std::string_view) const, const std::string& text) const {
    try {
        (folder_.*add)(text);
    } catch (const Error& error) {
        if (std::exchange(told_full_, true) || !hooks_.log) return;
        hooks_.log(fmt::format("warning: {}; the training goes on, its log and curves have gaps",
                               error.what()));
    }
}

void RunLog::step(const StepRecord& record, const Extent& extent, double best_score) {
    recent_loss_ = steps_ == 0 ? record.loss.total : 0.95 * recent_loss_ + 0.05 * record.loss.total;
    if (steps_++ == 0) first_seconds_ = record.took;
    step_seconds_ += record.took;
    ++sums_.count;
    sums_.loss += record.loss.total;
    sums_.cross_entropy += record.loss.cross_entropy;
    sums_.dice += record.loss.dice;
    sums_.took += record.took;
    sums_.waited += record.waited;
    if (record.step % steps_per_line == 0) write_line(record);
    if (!hooks_.progress) return;
    hooks_.progress({.step = record.step,
                     .steps = extent.steps,
                     .seconds = record.now,
                     .budget = extent.seconds,
                     .loss = recent_loss_,
                     .learning_rate = record.learning_rate,
                     .steps_per_second = steps_per_second(),
                     .best_score = best_score});
}

void RunLog::write_line(const StepRecord& record) {
    const auto count = static_cast<double>(sums_.count);
    nlohmann::ordered_json json;
    json["step"] = record.step;
    json["seconds"] = record.now;
    json["loss"] = sums_.loss / count;
    json["cross_entropy"] = sums_.cross_entropy / count;
    json["dice_loss"] = sums_.dice / count;
    json["learning_rate"] = record.learning_rate;
    json["steps_per_second"] = sums_.took > 0.0 ? count / sums_.took : 0.0;
    json["waited_for_data"] = sums_.took > 0.0 ? sums_.waited / sums_.took : 0.0;
    append(&RunFolder::add_metrics, json.dump());
    sums_ = {};
}

void RunLog::validation(std::int64_t step, double now, const Validation& validation, LabelKind kind,
                        bool best) const {
    const Scores& scores = validation.scores;
    const auto number = [](const std::optional<double>& value) {
        return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
    };
    nlohmann::ordered_json json;
    json["step"] = step;
    json["seconds"] = now;
    json["score"] = validation.score;
    std::string text = fmt::format("step {}: score {:.4f} (", step, validation.score);
    if (kind == LabelKind::instances) {
        json["f1"] = number(scores.f1());
        json["ap"] = number(scores.ap());
        text += fmt::format("F1 {:.4f}, AP {:.4f}, ", scores.f1().value_or(0.0),
                            scores.ap().value_or(0.0));
    }
    json["iou"] = number(scores.iou());
    json["pixel_error"] = number(scores.pixel_error());
    json["images"] = validation.images;
    json["best"] = best;
    append(&RunFolder::add_metrics, json.dump());
    line(text + fmt::format("IoU {:.4f}) on {} images{}", scores.iou().value_or(0.0),
                            validation.images, best ? ", best so far" : ""));
}

}  // namespace unet
