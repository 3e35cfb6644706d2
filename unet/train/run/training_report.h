#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/check/check.h"
#include "unet/core/context.h"
#include "unet/kernels/backend.h"
#include "unet/report/report.h"
#include "unet/train/learner.h"
#include "unet/train/run/model_selection.h"
#include "unet/train/run/run_folder.h"
#include "unet/train/run/training_memory.h"

namespace unet {

/// What is told before the first step: network, length, memory.
std::vector<std::string> plan_lines(const TrainOptions& options, const Learner& learner,
                                    const MemoryPlan& plan, int threads, const char* kernels);

/// What is wrong with a run's data, looked for before the first step or else at its end, and its
/// report.html.
class TrainingReport {
public:
    /// All must outlive it.
    TrainingReport(Context& context, const TrainOptions& options, const RunFolder& folder,
                   const TrainHooks& hooks, const RunLog& log)
        : context_(context), options_(options), folder_(folder), hooks_(hooks), log_(log) {}

    /// Tells what is wrong or odd in the data, before a minute is spent on them, in a small part of
    /// a budget and if `fits` says that there is memory for it. Refuses nothing: what training
    /// cannot use, reading refuses.
    void look_for_faults(bool fits);
    bool checked() const { return check_.has_value(); }

    /// Writes it, with what `selection` shows. Data that were not checked are, at the end of a
    /// training and where there are time and memory, in the place of those that were trained on,
    /// which `release` gives back. Whatever fails or has no time is told and left out.
    void write(const TrainingState& state, const ModelSelection& selection,
               const Forecast& forecast, bool fits, const std::function<void()>& release);

    /// What is known of a run that ends, told to log.txt as well.
    TrainResult result(TrainStatus status, const TrainingState& state,
                       const ModelSelection& selection) const;

private:
    void add_scores(Report& report, const ModelSelection& selection, const Forecast& forecast,
                    const std::string& later) const;
    void add_check(Report& report, const TrainingState& state, const Forecast& forecast,
                   const std::string& later, bool fits, const std::function<void()>& release) const;

    Context& context_;
    const TrainOptions& options_;
    const RunFolder& folder_;
    const TrainHooks& hooks_;
    const RunLog& log_;
    std::optional<CheckResult> check_;
};

}  // namespace unet
