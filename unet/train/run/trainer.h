#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "unet/evaluate/evaluation.h"
#include "unet/train/run/run_commands.h"
#include "unet/train/train_options.h"

namespace unet {

/// Where a training stands, told after every step.
struct TrainProgress {
    std::int64_t step = 0;   ///< steps done
    std::int64_t steps = 0;  ///< of how many; 0 by time
    double seconds = 0.0;    ///< since the training began, earlier commands included
    double budget = 0.0;     ///< of how many; 0 by steps
    double loss = 0.0;       ///< mean of the last steps
    double learning_rate = 0.0;
    double steps_per_second = 0.0;
    double best_score = -1.0;  ///< of the best model so far; below 0: none yet
};

/// How the caller takes part. All but `commands` may be empty.
struct TrainHooks {
    int threads = 0;  ///< 0: all
    /// Most bytes that the process may take. Pixels stay on their files, and what is made of them
    /// goes to a file without a name in the run's folder, where they do not fit; the result is the
    /// same. 0: they are held in memory if that takes at most half of what is free.
    std::int64_t max_ram = 0;
    /// Seconds since the command began, which a budget counts from; empty: since the call.
    std::function<double()> clock{};
    std::function<void(const TrainProgress&)> progress{};
    std::function<void(const std::string&)> log{};  ///< one line: what was found, chosen, reached
    /// What log.txt says for a line, in which settings stand in backquotes (see Error); empty:
    /// that.
    std::function<std::string(std::string_view)> worded{};
    CommandsOfRun commands = no_commands;  ///< what is typed next, for log.txt and report.html
    std::function<bool()> cancelled{};     ///< asked between steps; true: save and return
};

enum class TrainStatus {
    finished,
    stopped,  ///< cancelled() said so; everything is saved
};

struct TrainResult {
    TrainStatus status = TrainStatus::finished;
    std::int64_t step = 0;
    double seconds = 0.0;          ///< as TrainProgress
    std::filesystem::path run;     ///< folder
    std::filesystem::path model;   ///< the best model
    std::optional<Scores> scores;  ///< of it on the validation images, threshold fitted
    double best_score = -1.0;      ///< see Validation::score
    std::int64_t best_step = -1;
    double steps_per_second = 0.0;     ///< of this command, validation not counted
    double waited_seconds = 0.0;       ///< for batches
    std::int64_t planned_bytes = 0;    ///< see MemoryPlan
    std::vector<std::string> notices;  ///< what was found in the data, a sentence each
    RunCommands commands;              ///< see TrainHooks; an imported model cannot be resumed
};

/// Trains a network into the run folder options.out: config.toml, metrics.jsonl, log.txt,
/// last.safetensors (to go on from: at step 0, every 30 seconds, at every validation and at the
/// end), model.safetensors (best by validation; the last one where nothing validates) and previews.
///
/// With a number of steps the same options give the same bits, whatever the threads, and whether or
/// not the run was killed and resumed. With a budget the whole command ends within 5 % of it.
///
/// Without data and with no step, options.init becomes a model with the options of the recipe.
///
/// Throws Error: invalid_argument for options (see check()) and an existing run; diverged for a
/// loss that is not finite, naming step, rate and images, while the last good model stays; memory
/// where TrainHooks::max_ram is too little; whatever reading data and writing files throw.
TrainResult train(const TrainOptions& options, const TrainHooks& hooks = {});

/// How a run goes on.
struct ResumeOptions {
    std::filesystem::path run{};     ///< its folder
    std::optional<Extent> extent{};  ///< new total length, instead of the run's
    Extent more{};                   ///< added to its length
    std::string data{};              ///< where the data are now; empty: where they were
};

/// Goes on with a run that was stopped or killed, or makes a finished one longer. Tells log() if
/// the kernel table is not the one that computed before. Throws as train(), and
/// Error(invalid_argument) for a run that is finished and gets no more length.
TrainResult resume(const ResumeOptions& options, const TrainHooks& hooks = {});

}  // namespace unet
