#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "unet/data/label_survey.h"

namespace unet {

/// "1=0,2=255": what values of predictions stand for in the truth; empty where `text` is. Throws
/// Error(invalid_argument) that names `values` for anything else and for a value named twice.
using ValueMap = std::map<std::uint32_t, std::uint32_t>;
ValueMap parse_values(const std::string& text);

/// Values to what `map` makes of them; others stay.
void replace_values(std::span<std::uint32_t> values, const ValueMap& map);

/// "0, 1, 2, ... 200".
std::string list_of_values(std::span<const std::uint32_t> values);
std::vector<std::uint32_t> values_of(const LabelSurvey& survey);

}  // namespace unet
