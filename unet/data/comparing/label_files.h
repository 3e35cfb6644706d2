#pragma once

#include <optional>
#include <string>
#include <vector>

#include "unet/data/dataset.h"
#include "unet/data/label_survey.h"

namespace unet {

/// What the label files of a set hold, slice by slice.
using SlicesOfSamples = std::vector<std::vector<SliceValues>>;
SlicesOfSamples slices_of(Context& context, const Dataset& set,
                          std::optional<std::uint32_t> ignore);

/// As survey_labels of all label maps.
LabelSurvey survey_of(SlicesOfSamples of_samples, std::optional<std::uint32_t> ignore);

/// Refuses images in place of objects and masks that do not mean the same (check_not_scattered,
/// check_mask_coding), or tells. `pairs`: where the samples come from.
void check_labels(const SlicesOfSamples& of_samples, const LabelMeaning& meaning,
                  const std::vector<Pair>& pairs, const std::string& where, const Notice& notice);

}  // namespace unet
