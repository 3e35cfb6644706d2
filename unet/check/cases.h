#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/check/check.h"
#include "unet/check/finding.h"
#include "unet/core/context.h"
#include "unet/data/dataset.h"

namespace unet {

/// An image and its labels, as far as they could be read.
struct Case {
    Pair pair;
    std::optional<Image> image;
    std::optional<LabelMap> labels;  ///< only of the image's size
    bool odd_labels = false;  ///< soft, or a mask among numbered maps: not what the set holds
};

/// A data set that may be broken.
struct CheckedSet {
    std::string name;                     ///< the folder or file that it was read from
    std::vector<Case> cases;              ///< by name; those of a second set that validates follow
    std::optional<LabelMeaning> meaning;  ///< nothing where it could not be decided
    double diameter = 0.0;                ///< median of all numbered objects, in pixels; or 0

    std::function<bool()> stop;  ///< as CheckOptions::stop

    /// Whether to look at no further file: check_data() throws then.
    bool stopped() const { return stop && stop(); }
    bool holds_instances() const { return meaning && meaning->kind == LabelKind::instances; }
    /// Whether a stored label value is neither background nor left out.
    bool is_object(std::uint32_t value) const {
        return meaning ? value != meaning->values[0] && !meaning->is_ignored(value) : value != 0;
    }
};

/// Reads everything that can be read; what cannot is reported in `findings`. Those of `options.val`
/// all validate. Throws Error where no file can be found at all, as find_pairs.
CheckedSet read_cases(Context& context, const CheckOptions& options, Findings& findings);

/// Calls `look` for every case that has both, on all threads, and gathers what it found in the
/// order of the cases.
void for_each_case(Context& context, const CheckedSet& set, Findings& findings,
                   const std::function<void(const Case&, Findings&)>& look);

/// "row 3, column 40", counted from 0; with the slice, where there are several.
std::string place_of(const Size3& size, std::int64_t pixel);

}  // namespace unet
