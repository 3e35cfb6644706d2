#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/labels.h"
#include "unet/data/label_survey.h"

namespace unet {

/// "1=0,2=255": what values of predictions stand for in the truth; empty where `text` is. Throws
/// Error(invalid_argument) that names `values` for anything else and for a value named twice.
using ValueMap = std::map<std::uint32_t, std::uint32_t>;
ValueMap parse_values(const std::string& text);

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
/// - the same numbers, where the predictions' are among the truth's or share one that is not
///   background: a class that one side lacks is a class all the same;
/// - places in the truth's list, as `predict` writes them, where numbers cannot be meant: none of
///   the truth's but the background is predicted, and the truth's are codes such as 50 and 100;
/// - masks: 0 is background on either side, and what is above it foreground; objects are
///   foreground of a mask.
/// `said` overrides. Throws Error(invalid_argument) that begins with `where`, lists both and names
/// `values`: where both of the first two may be meant, neither can be, no predicted pixel is
/// background, or predictions hold grey values.
ComparedValues match_values(const TrueValues& truth, const LabelSurvey& predicted,
                            const ValueMap& said, const std::string& where);

/// The same of objects, whose numbers need not agree. Throws for predictions that are a mask
/// without background; the note for others without, and for masks; empty: nothing to say.
std::string note_on_objects(const LabelSurvey& truth, const LabelSurvey& predicted,
                            const std::string& where);

/// Values to what `map` makes of them; others stay.
void replace_values(std::span<std::uint32_t> values, const ValueMap& map);

/// "0, 1, 2, ... 200".
std::string list_of_values(std::span<const std::uint32_t> values);
std::vector<std::uint32_t> values_of(const LabelSurvey& survey);

}  // namespace unet
