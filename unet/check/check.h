#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "unet/check/finding.h"
#include "unet/core/context.h"
#include "unet/data/dataset.h"

namespace unet {

/// What is checked, read as training reads it.
struct CheckOptions {
    DatasetOptions reading;
    std::filesystem::path val;  ///< folder of a data set that validates; empty: none
    /// Asked between files, from any thread; true throws Error(cancelled). May be empty.
    std::function<bool()> stop{};
};

struct CheckResult {
    std::string name;         ///< the folder or file that was read
    std::int64_t images = 0;  ///< that have a label file, readable or not
    Findings findings;        ///< the worst first

    bool has_errors() const;
    /// Errors and warnings for a log, the worst first, one line for each kind: what it is, how many
    /// there are and the first of them.
    std::vector<std::string> summary() const;
};

/// Looks at a whole data set before training and tells everything that is wrong or odd in it,
/// without stopping at the first fault. The set is in memory while it is looked at.
/// Throws Error where there is nothing to look at: no such folder, no image in it; and as `stop`.
CheckResult check_data(Context& context, const CheckOptions& options);

}  // namespace unet
