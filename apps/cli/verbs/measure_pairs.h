#pragma once

#include <optional>
#include <string>
#include <vector>
#include "unet/unet.h"

namespace unet::cli {

struct LabelsAndImage {
    Input labels;
    std::optional<Input> image;
};

/// The image of every label map: two files are a pair whatever they are called, folders pair up by
/// name. No images where `images` is empty. Throws Error as collect_inputs, and
/// Error(invalid_argument) for a file beside a folder, and for label maps without an image.
std::vector<LabelsAndImage> pair_with_images(const std::string& labels, const std::string& images);

}  // namespace unet::cli
