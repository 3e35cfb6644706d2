#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/fields.h"
#include "unet/data/augment/augment.h"
#include "unet/data/targets.h"
#include "unet/nn/options.h"
#include "unet/train/config.h"
#include "unet/train/optimizer.h"
#include "unet/train/schedule.h"

namespace unet {

/// The objective: softmax cross-entropy, weighted per pixel and divided by the sum of weights, plus
/// `dice_weight` times 1 - soft Dice.
struct LossOptions {
    TargetOptions targets;  ///< how much each pixel counts
    double dice_weight = 0.0;
};

/// What one step sees.
struct SamplingOptions {
    std::int64_t batch_size = 4;
    std::int64_t patch = 192;  ///< edge of the network's input in pixels
    /// Part of the patches centred on a pixel of an evenly drawn class; -1: as many as the rarest
    /// class needs (TrainingData::foreground).
    double foreground = -1.0;
    /// Numbered objects: images are resized so that their median object is so many pixels wide.
    /// "off": they stay as they are; "auto": see common_diameter(); or a number.
    std::string diameter = "off";
    /// How much more often rare kinds of images are drawn (draws_by_kind), 0 .. 1.
    double kind_balance = 0.0;

    bool operator==(const SamplingOptions&) const = default;
};

struct ValidationOptions {
    std::int64_t validation_interval = 0;  ///< steps between validations (by steps); 0: chosen
    double validation_share = 0.04;        ///< part of a budget for validations between steps
};

/// All numbers of a training. What a machine decides (threads) and what is trained on are not part.
struct Recipe {
    std::string preset = "default";  ///< where it started from; says nothing by itself
    UNetOptions network;             ///< in_channels and classes are decided by the data
    OptimizerOptions optimizer;
    ScheduleOptions schedule;
    double average =
        0.0;  ///< decay of a moving average of the weights, which is what predicts; 0: none
    LossOptions loss;
    SamplingOptions sampling;
    AugmentOptions augment;
    ValidationOptions validation;
};

/// Names that preset() takes.
const std::vector<std::string>& preset_names();

/// "ronneberger2015": the paper (docs/design.md, the paper exactly). "default": the best known for
/// a few minutes on a CPU. Throws Error(invalid_argument) naming the nearest known one.
Recipe preset(const std::string& name);

/// The recipe as the sections of config.toml; every key is the field's flag, too, and unique.
/// Valid while `recipe` lives.
std::vector<Section> sections_of(Recipe& recipe);

/// Throws Error(invalid_argument) naming the first number that is out of range, or a patch that
/// does not suit the network (with sizes that do).
void check(const Recipe& recipe);

/// One JSON object per section. from_json keeps what `json` does not name; throws
/// Error(corrupt_file) with `where`.
nlohmann::ordered_json to_json(const std::vector<Section>& sections);
void from_json(const std::vector<Section>& sections, const nlohmann::ordered_json& json,
               const std::string& where);

}  // namespace unet
