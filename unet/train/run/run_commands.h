#pragma once

#include <functional>
#include <string>
#include <vector>

#include "unet/train/checkpoint.h"
#include "unet/train/train_options.h"

namespace unet {

/// What a person types to do something with a run, in the words of the program at hand, which the
/// library does not know. log.txt and report.html show it.
struct RunCommands {
    std::string predict{};              ///< applies the model
    std::string resume{};               ///< goes on, or trains a finished run longer
    std::string report{};               ///< writes report.html again
    std::vector<std::string> repeat{};  ///< all of it again, a line each
};

/// The commands for the run in `options.out`.
using CommandsOfRun = std::function<RunCommands(const TrainOptions& options, const TrainingState&)>;

/// Of a caller whose users type nothing.
inline RunCommands no_commands(const TrainOptions&, const TrainingState&) { return {}; }

}  // namespace unet
