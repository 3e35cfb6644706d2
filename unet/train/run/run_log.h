#pragma once

#include <cstdint>
#include <string>

#include "unet/data/label_meaning.h"
#include "unet/nn/executor.h"
#include "unet/train/run/run_folder.h"
#include "unet/train/run/trainer.h"
#include "unet/train/validation.h"

namespace unet {

/// What a step says about itself.
struct StepRecord {
    std::int64_t step = 0;  ///< steps done
    double now = 0.0;       ///< seconds since the training began
    double took = 0.0, waited = 0.0;
    nn::StepLoss loss;
    double learning_rate = 0.0;
};

/// Keeps metrics.jsonl and log.txt and tells the caller. A line of metrics.jsonl is a JSON object
/// with `step` and `seconds`; training lines have means over the steps since the line before. A
/// file that takes no more (a full disk) does not end a training: the caller is told once.
class RunLog {
public:
    /// Both must outlive it.
    RunLog(const RunFolder& folder, const TrainHooks& hooks) : folder_(folder), hooks_(hooks) {}

    /// A line for people.
    void line(const std::string& text) const;
    /// The same in log.txt only.
    void note(const std::string& text) const;
    /// `text` as the files of the run tell it (TrainHooks::worded).
    std::string worded(const std::string& text) const;

    /// `best_score` and length go into what progress() is told.
    void step(const StepRecord& record, const Extent& extent, double best_score);
    void validation(std::int64_t step, double now, const Validation& validation, LabelKind kind,
                    bool best) const;

    /// Steps of this command.
    std::int64_t steps() const { return steps_; }
    /// Of this command, without validations and the first step, which touches all memory for the
    /// first time; of that one where there is no other.
    double steps_per_second() const {
        const bool alone = steps_ < 2;
        const double seconds = alone ? first_seconds_ : step_seconds_ - first_seconds_;
        return seconds > 0.0 ? static_cast<double>(alone ? steps_ : steps_ - 1) / seconds : 0.0;
    }

private:
    static constexpr std::int64_t steps_per_line = 20;

    void write_line(const StepRecord& record);
    /// Adds `text` by `add`, which throws Error(io) where it cannot.
    void append(void (RunFolder::*add)(std::string_view) const, const std::string& text) const;

    const RunFolder& folder_;
    const TrainHooks& hooks_;
    std::int64_t steps_ = 0;
    double step_seconds_ = 0.0, first_seconds_ = 0.0;
    double recent_loss_ = 0.0;  ///< moving average for progress
    struct Sums {
        std::int64_t count = 0;
        double loss = 0.0, cross_entropy = 0.0, dice = 0.0, took = 0.0, waited = 0.0;
    };
    Sums sums_;  ///< since the last line
    mutable bool told_full_ = false;
};

}  // namespace unet
