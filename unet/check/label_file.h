#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "unet/check/finding.h"
#include "unet/image/read.h"

namespace unet {

/// Colours that a mask may have and still be turned into classes.
inline constexpr std::size_t most_mask_colours = 32;

/// Findings of a file's reading_notes.
void tell_notes(const std::vector<std::string>& notes, const std::filesystem::path& file,
                Findings& findings);

/// The labels of a file, or nothing and a finding that says why; also tells how they are stored
/// where that is odd: floats, colour tables, one bit, white-is-zero, equal colours.
std::optional<LabelMap> read_label_file(const std::filesystem::path& file,
                                        const ReadOptions& options, Findings& findings);

}  // namespace unet
