#pragma once

#include <string>
#include <string_view>

#include "terminal/help.h"

namespace unet::cli {

/// The section of a verb in the manual page, in the man macros of troff.
std::string manual_section(const Help& help);

/// `text` as troff takes it: nothing in it is a request or a special character.
std::string troff(std::string_view text);

}  // namespace unet::cli
