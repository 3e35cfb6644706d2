#pragma once

#include <cstdint>
#include <string>

#include "unet/data/label_meaning.h"
#include "unet/data/pairs.h"
#include "unet/report/report.h"

namespace unet {

struct FileReportSettings {
    std::string predicted;  ///< a folder of label maps, or one
    std::string labels;     ///< the truth, a folder or a file; empty: none
    std::string image;      ///< what was predicted, a folder or a file; empty: outlines on black
    LabelsChoice kind = LabelsChoice::detect;  ///< what label values mean
    std::int64_t ignore = -1;  ///< true label value of pixels that do not count; -1: none
    std::string series;        ///< of files that hold several images (ReadOptions)
    std::string values;        ///< what predicted values are in the truth: EvaluateSettings::values
    bool by_pixels = false;    ///< files lie over each other as they are stored (Overlay)
};

/// The report of what a prediction wrote: compared with the truth, or counted. How to repeat it is
/// left to the caller. Throws Error as collect_inputs() and evaluate_files(), and
/// Error(invalid_argument) where no prediction has an image.
Report report_of_files(const FileReportSettings& settings);

}  // namespace unet
