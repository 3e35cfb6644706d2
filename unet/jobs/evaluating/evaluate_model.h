#pragma once

#include <functional>
#include <string>
#include <vector>

#include "unet/data/pairs.h"
#include "unet/evaluate/evaluation.h"
#include "unet/jobs/evaluating/evaluate_settings.h"
#include "unet/jobs/hooks.h"
#include "unet/model/model.h"
#include "unet/predict/predictor.h"

namespace unet {

/// What is done with an image, its annotation as stored, and who predicts it.
using UsePrediction = std::function<void(Predictor& predictor, const Image& image, LabelMap& truth,
                                         const Pair& pair)>;
/// What is decided from all annotations before the first prediction.
using UseTruths =
    std::function<void(const std::vector<LabelMap>& truths, const std::vector<Pair>& pairs)>;

/// Goes through the images of a data set. `labels` is empty for a folder of images and labels.
/// Throws the errors of find_pairs() and Predictor.
void predict_all(const Model& model, const std::string& images, const std::string& labels,
                 const EvaluateSettings& settings, const JobHooks& hooks, const UsePrediction& use,
                 const UseTruths& first = {});

/// Predicts the images of a data set in memory and compares with its labels: what predicting into
/// files and evaluate_files() would find. `labels` is empty for a folder of images and labels.
/// Labels mean what they meant in training unless `settings` says otherwise. Throws as
/// predict_all().
Evaluation evaluate_model(const Model& model, const std::string& images, const std::string& labels,
                          const EvaluateSettings& settings, const JobHooks& hooks = {});

}  // namespace unet
