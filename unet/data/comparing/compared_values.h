#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/labels.h"
#include "unet/data/comparing/value_map.h"
#include "unet/data/label_survey.h"

namespace unet {

/// What the truth holds: stored values, background first.
struct TrueValues {
    LabelKind kind = LabelKind::classes;  ///< classes or binary
    std::vector<std::uint32_t> values;
    bool detected = false;  ///< and not said by the user
};

/// Predictions and truths whose values mean the same.
struct ComparedValues {
    std::vector<std::uint32_t>
        classes;                     ///< true value of each class index; binary: background first
    ValueMap predicted;              ///< class index of each predicted value
    std::vector<std::string> notes;  ///< what was concluded and is not seen at once
};

/// The one place where values of predictions and truths are brought together or refused:
/// - the same numbers, where those of one side are among those of the other and they share one that
///   is not background: a class that one side lacks is a class all the same;
/// - places in the truth's list, as `predict` writes them, where numbers cannot be meant: none of
///   the truth's but the background is predicted, and the truth's are codes such as 50 and 100;
/// - masks: 0 is background on either side, and what is above it foreground; objects are
///   foreground of a mask.
/// `said` overrides. Throws Error(invalid_argument) that begins with `where`, lists both and names
/// `values`: where both of the first two may be meant, neither can be, no predicted pixel is
/// background, or predictions hold grey values.
ComparedValues match_values(const TrueValues& truth, const LabelSurvey& predicted,
                            const ValueMap& said, const std::string& where);

/// "the truth holds 1, 2: 1 is taken for background", of masks of two values without 0; else empty.
std::string note_on_background(const std::vector<std::uint32_t>& truth);

}  // namespace unet
