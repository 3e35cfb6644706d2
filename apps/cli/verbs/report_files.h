#pragma once

#include <string>

#include "verbs/evaluate.h"

namespace unet::cli {

struct FileReportSettings {
    std::string predicted;     ///< folder or file of label maps
    std::string truth;         ///< folder or file; empty: none
    std::string images;        ///< that were predicted; empty: outlines on black
    EvaluateSettings reading;  ///< what label values mean, slices of stacks
};

/// The report of what `unet predict` wrote: compared with the truth, or counted.
Report report_of_files(const FileReportSettings& settings);

}  // namespace unet::cli
