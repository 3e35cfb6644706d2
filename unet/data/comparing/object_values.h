#pragma once

#include <string>
#include <vector>

#include "unet/data/label_survey.h"

namespace unet {

/// What match_values is for classes, of objects, whose numbers need not agree. Throws for
/// predictions that are a mask without background where the truth has one; a note for either side
/// that lacks the background of the other, and for either that is a mask beside objects.
std::vector<std::string> notes_on_objects(const LabelSurvey& truth, const LabelSurvey& predicted,
                                          const std::string& where);

}  // namespace unet
