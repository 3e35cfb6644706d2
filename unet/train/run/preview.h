#pragma once

#include <filesystem>
#include <functional>

#include "unet/predict/predictor.h"
#include "unet/train/validation.h"

namespace unet {

/// Pixels that write_previews predicts at most.
inline constexpr std::int64_t preview_edge = 512;
inline constexpr std::int64_t previews = 4;

/// Draws image, truth and prediction side by side for the first few images of the validator, as
/// FOLDER/NAME.png; of large ones the centre, of stacks the middle slice. The folder is created.
/// `go_on` is asked before each image but the first.
void write_previews(const std::filesystem::path& folder, const Validator& validator,
                    const Model& model, const PredictOptions& options,
                    const std::function<bool()>& go_on);

}  // namespace unet
