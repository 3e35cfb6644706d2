#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "unet/check/finding.h"
#include "unet/core/context.h"
#include "unet/data/dataset.h"

namespace unet {

/// What is checked, read as training reads it.
struct CheckOptions {
    DatasetOptions reading;
    std::filesystem::path val;  ///< folder of a data set that validates; empty: none
};

struct CheckResult {
    std::string name;         ///< the folder or file that was read
    std::int64_t images = 0;  ///< that have a label file, readable or not
    Findings findings;        ///< the worst first

    bool has_errors() const;
};

/// Looks at a whole data set before training and tells everything that is wrong or odd in it,
/// without stopping at the first fault. The set is in memory while it is looked at.
/// Throws Error where there is nothing to look at: no such folder, no image in it.
CheckResult check_data(Context& context, const CheckOptions& options);

}  // namespace unet
