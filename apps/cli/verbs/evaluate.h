#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// Which figures are computed.
enum class Metrics { standard, surface, isbi2012 };

struct EvaluateSettings {
    Metrics metrics = Metrics::standard;
    LabelsChoice labels = LabelsChoice::detect;
    std::int64_t ignore = -1;
    ReadSettings stacks;
    /// Whether slices of stacks are picked, of which a prediction may hold all or just those.
    bool picks_slices() const {
        return !(stacks.pages.empty() && stacks.z.empty() && stacks.t.empty());
    }
    bool volume = false;
    std::string sizes;
    double tolerance = 0.0;  ///< 0: the size of a pixel
    std::string compare;     ///< another model or prediction of the same images; empty: none
    // Of a model on a data set only.
    std::string split;
    bool labelled_only = false;
    double scale = 0.0;
    std::int64_t threads = 0;
    bool json = false;

    std::optional<std::uint32_t> ignored() const {
        if (ignore < 0) return std::nullopt;
        return static_cast<std::uint32_t>(ignore);
    }
};

/// What the truth holds, and its stored values by class index where these differ.
struct TruthMeaning {
    LabelKind kind = LabelKind::instances;
    std::vector<std::uint32_t> values;
};

/// How maps are compared once to_classes() was applied (to all but instances).
EvaluateOptions options_for(const TruthMeaning& meaning, const EvaluateSettings& settings);

/// Stored values to class indices; `binary`: everything but the smallest is 1. Ignored pixels take
/// the value that options_for() ignores.
void to_classes(LabelMap& map, const TruthMeaning& meaning, std::optional<std::uint32_t> ignore);

/// What is done with an image, its annotation as stored, and who predicts it.
using UsePrediction = std::function<void(Predictor& predictor, const Image& image, LabelMap& truth,
                                         const Pair& pair)>;
/// What is decided from all annotations before the first prediction.
using UseTruths = std::function<void(const std::vector<LabelMap>& truths, const Notice& notice)>;

/// Goes through the images of a data set. `labels` is empty for a folder of images and labels.
void predict_all(const Model& model, const std::string& images, const std::string& labels,
                 const EvaluateSettings& settings, const UsePrediction& use,
                 const UseTruths& first = {});

/// Predicts the images of a data set in memory and compares with its labels: what `predict` and
/// then `evaluate` would find. `labels` is empty for a folder of images and labels. Labels mean
/// what they meant in training unless `settings` says otherwise.
Evaluation evaluate_model(const Model& model, const std::string& images, const std::string& labels,
                          const EvaluateSettings& settings);

/// On stdout: a table, or one JSON object. `model`: the file that predicted; empty where files were
/// compared.
void print(const Evaluation& evaluation, const std::string& model, bool json);

}  // namespace unet::cli
