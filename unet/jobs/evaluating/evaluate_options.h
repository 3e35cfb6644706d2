#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unet/evaluate/evaluation.h"
#include "unet/jobs/evaluating/evaluate_settings.h"

namespace unet {

/// What the truth holds, and its stored values by class index where these differ.
struct TruthMeaning {
    LabelKind kind = LabelKind::instances;
    std::vector<std::uint32_t> values;
};

/// Of a choice other than `detect`.
LabelKind kind_of(LabelsChoice choice);

/// How maps are compared once to_classes() was applied (to all but instances). Throws
/// Error(invalid_argument) for `sizes` that are not two rising whole numbers.
EvaluateOptions options_for(const TruthMeaning& meaning, const EvaluateSettings& settings);

/// Stored values to class indices; `binary`: everything but the smallest is 1. Ignored pixels take
/// the value that options_for() ignores.
void to_classes(LabelMap& map, const TruthMeaning& meaning, std::optional<std::uint32_t> ignore);

/// Brings `options.surface` up to date before an image is compared whose annotation is `truth`, if
/// surfaces are measured: in the spacing of the settings, else of the file, else in pixels; the
/// tolerance is that of the settings, else the size of a pixel.
/// Throws Error(invalid_argument) for a spacing that cannot be read, for a volume whose file knows
/// the size of a pixel but not the distance of slices, and where the unit is another than that of
/// the images before.
void measure_in_unit_of(const LabelMap& truth, const std::string& name,
                        const EvaluateSettings& settings, EvaluateOptions& options);

}  // namespace unet
