#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/fields.h"
#include "unet/core/labels.h"
#include "unet/data/label_survey.h"

namespace unet {

/// What the user says about the labels; `detect` looks at them.
enum class LabelsChoice { detect, instances, classes, binary };

/// The choice as a setting.
Field labels_field(std::string name, std::string help, LabelsChoice& choice);

/// What the stored values of a label map mean.
struct LabelMeaning {
    LabelKind kind = LabelKind::binary;
    /// Stored value of every class of the network, background first. Instances: {0, 1}. Binary with
    /// more than two stored values: {0, 255}, everything but 0 is foreground.
    std::vector<std::uint32_t> values;
    std::optional<std::uint32_t> ignore;  ///< pixels of this value take no part
    std::string evidence;                 ///< why, in one sentence

    std::int64_t classes() const noexcept { return static_cast<std::int64_t>(values.size()); }
    bool is_ignored(std::uint32_t value) const noexcept { return ignore && *ignore == value; }
};

/// Decides what labels mean from the values that are stored anywhere in the set, `ignore` left out:
/// - two values: binary, the smaller is background;
/// - 0, 1, 2, or a subset of three small numbers: ambiguous (three classes, or two objects at
/// most);
/// - 255 beside values of which none is above 32: ambiguous (255 may mean "ignore");
/// - otherwise a value of an image is whole if it is one connected piece. Instances if 90 % are
/// whole
///   and there are more than 8 values besides 0; or if 60 % are whole and there are more than 32,
///   or every image numbers its objects 1 .. n and there are more than 8, or n differs, or there is
///   one image with more than 3. Classes if fewer than half are whole and there are at most 255
///   values;
/// - anything else: ambiguous.
/// `choice` overrides; then only what cannot be is an error. `where` begins messages (the folder).
/// Throws Error(invalid_argument): no object anywhere, or ambiguous, naming `labels` and `ignore`.
LabelMeaning meaning_of(const LabelSurvey& survey, LabelsChoice choice,
                        std::optional<std::uint32_t> ignore, const std::string& where);

}  // namespace unet
