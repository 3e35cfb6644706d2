#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "unet/core/error.h"
#include "unet/jobs/each_input.h"
#include "unet/jobs/predicting/predict_settings.h"
#include "unet/jobs/predicting/predicted_image.h"
#include "unet/model/model.h"

namespace unet {

struct PredictHooks : JobHooks {
    std::function<void(const PredictedImage& image)> done{};  ///< its files are there
};

struct PredictedFiles : InputResults<PredictedImage> {
    std::filesystem::path table;       ///< of all that were predicted; empty: none was written
    std::optional<Error> table_error;  ///< why not; the images are there
    double network_seconds = 0.0;      ///< see Predictor
};

/// Predicts images into files under `settings.out`: into it, or, where several kinds are asked for,
/// into a folder of it for each. Each image on its own (each_input); files appear under their names
/// when they are complete. With `settings.resume` or `part` it goes on from what an earlier call
/// with equal settings, in any program, computed before it was ended.
/// Throws Error for settings that contradict each other or the model, and where something that is
/// read or that is not a result of ours would be written over; nothing is written then.
PredictedFiles predict_files(const PredictSettings& settings, const Model& model,
                             std::vector<Input> inputs, const PredictHooks& hooks = {});

}  // namespace unet
