#pragma once

#include <filesystem>
#include <string>

#include "unet/report/report.h"

namespace unet {

/// "nuclei/val" of "/home/me/nuclei/val/": enough to know it by.
std::string short_name(const std::filesystem::path& path);

/// The figures to begin with, before what the overview holds already.
void add_figures(Report& report, const Evaluation& evaluation);

}  // namespace unet
