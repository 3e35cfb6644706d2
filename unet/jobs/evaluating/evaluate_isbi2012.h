#pragma once

#include <string>
#include <vector>

#include "unet/evaluate/isbi2012.h"
#include "unet/jobs/evaluating/evaluate_files.h"
#include "unet/jobs/evaluating/evaluate_model.h"

namespace unet {

/// Compares probability maps or label maps with the truth as ISBI 2012 did. What a prediction holds
/// is seen from its file: floats are probabilities (of two channels the second); whole numbers are
/// labels, 0 being membrane, but for 8 bits with more than two values: probabilities times 255.
/// `notice` gets what the files hold beside that.
Isbi2012Evaluation evaluate_isbi2012(const std::vector<PredictedTruth>& pairs,
                                     const EvaluateSettings& settings, const Notice& notice = {});

/// The same for the probabilities of a model of two classes, predicted in memory.
Isbi2012Evaluation evaluate_isbi2012(const Model& model, const std::string& images,
                                     const std::string& labels, const EvaluateSettings& settings,
                                     const JobHooks& hooks = {});

}  // namespace unet
