#pragma once

#include <string>
#include <vector>

#include "verbs/evaluate.h"
#include "verbs/evaluate_files.h"

namespace unet::cli {

/// Compares probability maps or label maps with the truth as ISBI 2012 did. What a prediction holds
/// is seen from its file: floats are probabilities (of two channels the second); whole numbers are
/// labels, 0 being membrane, but for 8 bits with more than two values: probabilities times 255.
Isbi2012Evaluation evaluate_isbi2012(const std::vector<Pairing>& pairs,
                                     const EvaluateSettings& settings);

/// The same for the probabilities of a model of two classes, predicted in memory.
Isbi2012Evaluation evaluate_isbi2012(const Model& model, const std::string& images,
                                     const std::string& labels, const EvaluateSettings& settings);

/// On stdout: a table, or one JSON object. `model`: the file that predicted; empty where files were
/// compared.
void print(const Isbi2012Evaluation& evaluation, const std::string& model, bool json);

}  // namespace unet::cli
