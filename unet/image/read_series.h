#pragma once

#include <string>

#include "unet/image/read_options.h"

namespace unet {

/// The options that read all of one image of a file: `series` as in ReadOptions.
inline ReadOptions read_series(const std::string& series) {
    ReadOptions options;
    options.series = series;
    return options;
}

}  // namespace unet
