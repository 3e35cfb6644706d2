#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "unet/check/check.h"
#include "unet/core/context.h"
#include "unet/core/writer.h"
#include "unet/data/batches.h"
#include "unet/kernels/backend.h"
#include "unet/report/report.h"
#include "unet/train/checkpoint.h"
#include "unet/train/learner.h"
#include "unet/train/pace.h"
#include "unet/train/run_folder.h"
#include "unet/train/run_log.h"
#include "unet/train/trainer.h"
#include "unet/train/training_data.h"
#include "unet/train/validation.h"

namespace unet {

/// One command of a training, from reading data to the saved model: what train() and resume() do.
class TrainingRun {
public:
    /// `start` is empty for a new run.
    TrainingRun(TrainOptions options, RunFolder folder, TrainHooks hooks,
                std::optional<Checkpoint> start);

    TrainResult go();

private:
    void prepare();
    /// Decides whether pixels are held in memory, by what else is needed there.
    DataLimits limit_data();
    /// Tells what is wrong or odd in the data, before a minute is spent on them. Refuses nothing:
    /// what training cannot use, reading refuses.
    void look_for_faults();
    void load_weights();
    void choose_validation();
    void measure(const Validation& seen);
    TrainStatus take_steps();
    void one_step(BatchQueue& queue);
    void look();
    /// Which of two normalisations the best model does clearly better with; else the default one.
    void choose_normalisation(Model& best);
    void finish();
    void stop();
    /// report.html: what `scores_` and the validator's images show; whatever fails or has no time
    /// is told and left out.
    void write_report();
    void fill_report(Report& report);
    /// What intervals of so many images take, the check of the data, and the whole report.
    static double intervals_seconds(std::int64_t images);
    double check_seconds() const;
    double report_seconds() const;
    bool time_for(double seconds) const;
    void save();

    double now() const;
    double learning_rate(double at) const;
    void tell_schedule();
    double end_seconds() const;
    std::int64_t images_at_the_end() const;
    std::int64_t most_kept_pixels() const;
    bool cancelled() const { return hooks_.cancelled && hooks_.cancelled(); }
    Model current_model() const;
    /// Threshold, smallest object and depth of splitting, for people.
    std::string decision_text() const;
    PredictOptions predict_options() const;
    std::string training_summary(const Validation* validation) const;
    std::string settings();
    BatchOptions batch_options() const;
    [[noreturn]] void diverged(double loss, double rate, const Batch& batch);
    /// Looking at the model takes no more than learning does.
    static std::int64_t predict_memory(std::int64_t learning) {
        return std::max(learning, std::int64_t{64} << 20);
    }
    void plan_memory();
    std::int64_t planned_for_looking() const;
    TrainResult result(TrainStatus status);

    TrainOptions options_;
    RunFolder folder_;
    TrainHooks hooks_;
    std::optional<Checkpoint> start_;
    double earlier_seconds_ = 0.0;
    Context context_;
    const kernels::Backend& backend_;
    std::optional<CheckResult> check_;  ///< of a new run
    DataLimits limits_;
    TrainingData data_;
    std::optional<Learner> learner_;
    std::optional<Validator> validator_;
    std::optional<Pace> pace_;
    TrainingState state_;
    RunLog log_;
    Writer writer_;
    std::string settings_;
    std::optional<Evaluation> scores_;  ///< of the best model, at the end
    Decision decision_;
    double last_save_ = 0.0, save_seconds_ = 0.0;
    double predict_rate_ = 0.0, score_rate_ = 0.0;  ///< seconds per validated pixel
    double waited_seconds_ = 0.0, reading_seconds_ = 0.0;
    std::int64_t memory_before_ = 0, planned_bytes_ = 0;
};

}  // namespace unet
