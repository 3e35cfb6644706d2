#pragma once

#include <functional>
#include <string>
#include <vector>

#include "unet/data/pairs.h"
#include "unet/evaluate/evaluation.h"
#include "unet/jobs/evaluating/evaluate_settings.h"
#include "unet/jobs/inputs.h"

namespace unet {

/// A prediction and the annotation that it is compared with.
struct PredictedTruth {
    Input predicted, truth;
};

/// Two files belong together whatever they are called; those of folders by name. Throws
/// Error(invalid_argument) where a label map has no prediction; predictions without a label map
/// give a notice.
std::vector<PredictedTruth> predicted_truths(const std::string& predicted, const std::string& truth,
                                             const Notice& notice);

/// What is done with two maps as they were compared: objects, or class indices.
using UseMaps = std::function<void(LabelMap predicted, LabelMap truth)>;

/// Compares label maps that were predicted with those of `where`: truths are turned onto their
/// predictions (Overlay), predicted values brought to the true ones (match_values). `use` gets them
/// in order; `notice` what was concluded and what files hold beside what is
/// read. Throws Error as those do.
Evaluation evaluate_files(const std::vector<PredictedTruth>& pairs,
                          const EvaluateSettings& settings, const std::string& where,
                          const UseMaps& use = {}, const Notice& notice = {});

}  // namespace unet
