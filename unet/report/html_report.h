#pragma once

#include <filesystem>
#include <string>

#include "unet/report/report.h"

namespace unet {

/// No report is larger, in bytes: it shall go into a mail.
inline constexpr std::size_t most_report_bytes = 5'000'000;

/// The report as one HTML page that needs nothing else: no script, no link to elsewhere. It follows
/// the reader's choice of light or dark, and prints.
std::string html_of(const Report& report);

/// Throws Error(invalid_argument) where writing a report would replace a file that is none.
void check_report_file(const std::filesystem::path& path);

/// Writes the page, under its name only when complete. Throws as check_report_file, and Error(io).
void write_report(const std::filesystem::path& path, const Report& report);

}  // namespace unet
