#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "unet/model/model.h"
#include "unet/report/report.h"
#include "unet/train/checkpoint.h"
#include "unet/train/run/run_commands.h"
#include "unet/train/run/run_folder.h"
#include "unet/train/train_options.h"
#include "unet/train/validation.h"

namespace unet {

/// What the folder of a run tells without its data: curves, settings, how to repeat it.
Report report_of_folder(const RunFolder& folder, const TrainOptions& options,
                        const TrainingState& state);

/// Adds what the images show that `validator` keeps: `evaluation` of them, rescored() by
/// `decision`, the worst and the median images.
void add_validation(Report& report, Evaluation evaluation, const Validator& validator,
                    const Decision& decision, const std::vector<std::string>& class_names);

struct RunReportOptions {
    std::string data;                      ///< where the data are now; empty: where they were
    int threads = 0;                       ///< 0: all
    bool check = true;                     ///< look for faults in the data
    CommandsOfRun commands = no_commands;  ///< what is typed to do it again
    Notice notice{};
    std::function<bool()> cancelled{};
};

/// The report of a run that is finished or was stopped: its validation images are read and
/// predicted again with its best model, as many as a training looks at, and its data are checked.
/// Data or a model that cannot be read are a remark in the report, not an error. Throws Error: as
/// RunFolder::open and read_checkpoint; cancelled.
Report report_of_run(const std::filesystem::path& run, const RunReportOptions& options = {});

}  // namespace unet
