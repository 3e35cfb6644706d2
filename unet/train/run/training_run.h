#pragma once

#include <optional>
#include <string>

#include "unet/core/context.h"
#include "unet/core/files/writer.h"
#include "unet/data/batches.h"
#include "unet/kernels/backend.h"
#include "unet/train/checkpoint.h"
#include "unet/train/learner.h"
#include "unet/train/pace.h"
#include "unet/train/run/forecast.h"
#include "unet/train/run/model_selection.h"
#include "unet/train/run/run_folder.h"
#include "unet/train/run/run_log.h"
#include "unet/train/run/trainer.h"
#include "unet/train/run/training_report.h"
#include "unet/train/training_data.h"

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
    void read_data();
    void load_weights();
    void note_origin();
    MemoryPlan plan_memory() const;
    TrainStatus take_steps();
    void one_step(BatchQueue& queue);
    void look();
    void finish();
    void stop();
    void write_report();
    void save();

    double now() const { return hooks_.clock(); }
    bool cancelled() const { return hooks_.cancelled && hooks_.cancelled(); }
    double learning_rate(double at) const;
    void tell_schedule();
    Model current_model() const { return selection_->model(learner_->weights()); }
    [[noreturn]] void diverged(double loss, double rate, const Batch& batch);
    TrainResult result(TrainStatus status) const;

    TrainOptions options_;
    RunFolder folder_;
    TrainHooks hooks_;  ///< whose clock counts the commands before this one, too
    std::optional<Checkpoint> start_;
    Context context_;
    const kernels::Backend& backend_;
    RunLog log_;
    TrainingReport report_;
    Forecast forecast_;
    DataLimits limits_;
    std::vector<std::string> notices_;  ///< of the data
    TrainingData data_;
    TrainingState state_;
    std::optional<Learner> learner_;
    std::optional<ModelSelection> selection_;
    std::optional<Pace> pace_;
    Writer writer_;
    std::string settings_;
    std::int64_t planned_bytes_ = 0;
    double last_save_ = 0.0, waited_seconds_ = 0.0;
};

}  // namespace unet
