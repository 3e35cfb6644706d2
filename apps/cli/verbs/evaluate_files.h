#pragma once

#include <functional>
#include <string>
#include <vector>

#include "unet/unet.h"
#include "verbs/evaluate.h"

namespace unet::cli {

/// A prediction and the annotation that it is compared with.
struct Pairing {
    Input predicted, truth;
};

/// Two files are a pair whatever they are called; folders pair up by name. Throws
/// Error(invalid_argument) where a label map has no prediction; predictions without a label map are
/// told of on stderr.
std::vector<Pairing> pair_up(const std::string& predicted, const std::string& truth);

/// What is done with two maps as they were compared: objects, or class indices.
using UseMaps = std::function<void(LabelMap predicted, LabelMap truth)>;

/// Compares label maps that were predicted with those of `where`. `use` gets them in order.
Evaluation evaluate_files(const std::vector<Pairing>& pairs, const EvaluateSettings& settings,
                          const std::string& where, const UseMaps& use = {});

}  // namespace unet::cli
