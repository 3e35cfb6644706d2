#pragma once

#include <filesystem>
#include <string>

#include "unet/unet.h"

namespace unet::cli {

/// " DATA LABELS --val DIR --grey": what is typed behind a verb for these data.
std::string typed_data(const DatasetOptions& reading, const std::string& val);

std::string resume_command(const std::filesystem::path& run);

/// For TrainHooks and RunReportOptions.
RunCommands run_commands(const TrainOptions& options, const TrainingState& state);

}  // namespace unet::cli
