#pragma once

#include <string>
#include <vector>

#include "unet/data/dataset.h"

namespace unet {

/// What is worth knowing about the files of a set that can be used as they are, one sentence each:
/// what files hold beside what is read of them and how they are read otherwise than they are stored
/// (reading_notes), labels that are not stored as plain whole numbers (floats, colour tables,
/// white-is-zero, equal colours), label maps that hold background only, images that hold one value
/// everywhere.
std::vector<std::string> remarks_on(const Dataset& set);

}  // namespace unet
