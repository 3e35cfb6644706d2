#include "unet/data/comparing/object_values.h"

#include "unet/core/error.h"
#include "unet/data/comparing/value_map.h"

namespace unet {
namespace {

/// Of one side beside the values of the other.
std::string note_on_side(const LabelSurvey& side, const LabelSurvey& other, const char* name,
                         const char* their) {
    const auto values = values_of(side);
    if (other.values.contains(0) && !side.values.contains(0) && !values.empty())
        return fmt::format(
            "no pixel of {} is background (0): each of {} values, {}, is taken for an object", name,
            their, list_of_values(values));
    if (values.size() == 2 && values[0] == 0 && other.values.size() > 2)
        return fmt::format("{} hold{} {}: a mask counts as one object of each image", name,
                           std::string_view(their) == "its" ? "s" : "", list_of_values(values));
    return {};
}

}  // namespace

std::vector<std::string> notes_on_objects(const LabelSurvey& truth, const LabelSurvey& predicted,
                                          const std::string& where) {
    const auto found = values_of(predicted);
    if (truth.values.contains(0) && !predicted.values.contains(0) && !found.empty() &&
        found.size() <= 2)
        fail_setting("values", ErrorCode::invalid_argument,
                     "{}: found the values {} in the predictions and {} in the truth: no pixel "
                     "of the predictions is background (0); say `values` {}=0 if {} is, "
                     "`values` {}={} if it is an object",
                     where, list_of_values(found), list_of_values(values_of(truth)), found[0],
                     found[0], found[0], found[0]);
    std::vector<std::string> notes;
    for (const std::string& note : {note_on_side(predicted, truth, "the predictions", "their"),
                                    note_on_side(truth, predicted, "the truth", "its")})
        if (!note.empty()) notes.push_back(note);
    return notes;
}

}  // namespace unet
