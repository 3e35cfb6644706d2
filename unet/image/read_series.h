#pragma once

#include <filesystem>
#include <string>

#include "unet/image/read.h"

namespace unet {

/// The options that read all of one image of a file: `series` as in ReadOptions.
inline ReadOptions read_series(const std::string& series) {
    ReadOptions options;
    options.series = series;
    return options;
}

/// As read_image_info, of a file of labels: one that holds one image is that one whatever `series`
/// is.
ImageInfo read_label_info(const std::filesystem::path& path, const std::string& series);

}  // namespace unet
