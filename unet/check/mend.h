#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/check/check.h"

namespace unet {

/// Writes a copy of a data set into `out` (images/, labels/, and list.csv where groups or a split
/// are known), with what is safe to mend mended: pairs of which a file is missing or cannot be read
/// and images that occur before with the same labels are left out; pieces of an id get numbers of
/// their own; specks become background; if all labels are RGB of a few colours, these become
/// classes, the most frequent 0. All other files are copied byte for byte; what was read is never
/// touched. Returns what was done, one sentence each.
/// Throws Error: as check_data; invalid_argument if `out` is there and not empty, if some slices
/// only are picked, or if nothing would be left; io. Then `out` is as it was.
std::vector<std::string> mend(Context& context, const CheckOptions& options,
                              const std::filesystem::path& out);

}  // namespace unet
