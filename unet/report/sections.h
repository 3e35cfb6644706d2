#pragma once

#include <string>

#include "unet/report/report.h"

namespace unet {

// The parts of the page, each an HTML <section> with a heading, or nothing where the report has
// nothing to say on it. Everything that comes from files is escaped in them.

std::string curves_section(const Report& report);
std::string scores_section(const Report& report);
std::string images_section(const Report& report);
std::string objects_section(const Report& report);
std::string found_section(const Report& report);
std::string check_section(const Report& report);
std::string repeat_section(const Report& report);

/// `body` under a heading that links within the page lead to.
std::string section(const std::string& id, const std::string& heading, const std::string& body);

/// A bar from 0 to `share` (0 .. 1) of its row, in the style "first", "missed", ...
std::string bar(double share, const std::string& style);

}  // namespace unet
