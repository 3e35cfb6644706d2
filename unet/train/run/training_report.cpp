#include "unet/train/run/training_report.h"

#include "unet/core/error.h"
#include "unet/report/html_report.h"
#include "unet/train/run/run_report.h"

namespace unet {
namespace {

// Looking for faults in the data before the first step takes at most this part of the budget.
constexpr double share_of_look = 0.05;

std::string mebibytes(std::int64_t bytes) {
    return fmt::format("{} MiB", (bytes + (1 << 20) - 1) >> 20);
}

}  // namespace

std::vector<std::string> plan_lines(const TrainOptions& options, const Learner& learner,
                                    const MemoryPlan& plan, int threads, const char* kernels) {
    const UNetOptions& net = options.recipe.network;
    const SamplingOptions& sampling = options.recipe.sampling;
    const Size3 seen = nn::receptive_field_of(net);
    return {
        fmt::format("network: {} levels, {} base channels, {} in, {} classes out, {} parameters; "
                    "an output pixel sees {} x {} pixels",
                    net.levels, net.base_channels, net.in_channels, net.classes,
                    learner.network().parameter_count(), seen.height, seen.width),
        fmt::format("steps: {} patches of {} x {} each; {}", sampling.batch_size, sampling.patch,
                    sampling.patch,
                    options.extent.by_time()
                        ? fmt::format("as many as fit {:.0f} seconds, reading, validating and "
                                      "saving included",
                                      options.extent.seconds)
                        : fmt::format("{} in all", options.extent.steps)),
        fmt::format("memory: {} planned (network {}, data {}, batches {}, validation {}, saving "
                    "{}); {} threads, kernels {}",
                    mebibytes(plan.total()), mebibytes(plan.network), mebibytes(plan.data),
                    mebibytes(plan.batches), mebibytes(plan.validation), mebibytes(plan.saving),
                    threads, kernels)};
}

void TrainingReport::look_for_faults(bool fits) {
    if (!fits) {
        log_.line("check: left off, it would take too much memory: `check_data` does it");
        return;
    }
    const auto enough = [this] {
        return (hooks_.cancelled && hooks_.cancelled()) ||
               (options_.extent.by_time() &&
                hooks_.clock() > share_of_look * options_.extent.seconds);
    };
    try {
        check_ = check_data(context_, {reading_of(options_), options_.val, enough});
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled)
            log_.line(
                "check: left off, it would take too much of the budget: `check_data` does it");
        return;  // where there is nothing to look at, reading tells why
    }
    const std::vector<std::string> lines = check_->summary();
    for (const std::string& line : lines) log_.line("check: " + line);
    if (!lines.empty())
        log_.line(
            "check: `check_data` on the same data tells where, how sure it is, and what to do");
}

void TrainingReport::add_scores(Report& report, const ModelSelection& selection,
                                const Forecast& forecast, const std::string& later) const {
    if (selection.scores()) {
        Evaluation scores = *selection.scores();
        const double needed = Forecast::intervals_seconds(std::ssize(scores.images));
        if (forecast.time_for(needed, hooks_.clock()))
            scores.intervals = bootstrap_intervals(scores);
        add_validation(report, std::move(scores), selection.validator(), selection.decision(),
                       selection.info().class_names);
    } else if (!selection.empty()) {
        report.remarks.push_back(
            "The training was stopped before its end: validation images and their scores "
            "are left out; " +
            later + ".");
    }
}

void TrainingReport::add_check(Report& report, const TrainingState& state, const Forecast& forecast,
                               const std::string& later, bool fits,
                               const std::function<void()>& release) const {
    if (check_) {
        report.check = *check_;
    } else if (!state.finished) {
        return;
    } else if (!fits) {
        report.remarks.push_back(
            "Faults in the data were not looked for, which would take more memory than there is; "
            "`check_data` on them does it.");
    } else if (!forecast.time_for(forecast.check_seconds(), hooks_.clock())) {
        report.remarks.push_back("There was no time left to look for faults in the data; " + later +
                                 ".");
    } else {
        release();
        try {
            report.check = check_data(context_, {reading_of(options_), options_.val});
        } catch (const Error& error) {
            report.remarks.push_back(
                fmt::format("The data could not be checked: {}", error.what()));
        }
    }
}

void TrainingReport::write(const TrainingState& state, const ModelSelection& selection,
                           const Forecast& forecast, bool fits,
                           const std::function<void()>& release) {
    const RunCommands commands = hooks_.commands(options_, state);
    const std::string again =
        fmt::format("`{}`", commands.report.empty() ? "report_of_run" : commands.report);
    try {
        Report report = report_of_folder(folder_, options_, state);
        report.repeat.commands = commands.repeat;
        add_scores(report, selection, forecast, again + " makes up for it");
        add_check(report, state, forecast, again + " makes up for it", fits, release);
        if (hooks_.worded) show_settings(report, hooks_.worded);
        write_report(folder_.report(), report);
    } catch (const std::exception& error) {  // the training itself is done and saved
        log_.line(
            fmt::format("warning: no report was written: {}; {} tries again", error.what(), again));
    }
}

TrainResult TrainingReport::result(TrainStatus status, const TrainingState& state,
                                   const ModelSelection& selection) const {
    TrainResult result;
    result.status = status;
    result.step = state.step;
    result.seconds = hooks_.clock();
    result.run = folder_.path();
    result.model = folder_.model();
    if (selection.scores()) result.scores = selection.scores()->totals;
    result.best_score = state.best_score;
    result.best_step = state.best_step;
    result.commands = hooks_.commands(options_, state);
    std::string last = fmt::format(
        "{} after step {}", status == TrainStatus::finished ? "finished" : "stopped", state.step);
    for (const std::string& command : {result.commands.predict, result.commands.resume})
        if (!command.empty()) last += "; " + command;
    log_.note(last);
    return result;
}

}  // namespace unet
