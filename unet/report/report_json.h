#pragma once

#include <nlohmann/json_fwd.hpp>

#include "unet/report/report.h"

namespace unet {

/// The numbers of a report without images: title, remarks, (with a truth) evaluation as to_json
/// of it, images that are shown, (without) found, (of a run) curves, check, repeat.
nlohmann::ordered_json to_json(const Report& report);

}  // namespace unet
