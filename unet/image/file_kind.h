#pragma once

#include <filesystem>
#include <string>

namespace unet {

enum class FileKind { png, jpeg, tiff, nifti, other };

/// What the first bytes say: names lie. Throws Error(io) for what cannot be read.
FileKind file_kind_of(const std::filesystem::path& path);

/// The command that turns the file of a microscope's maker into OME-TIFF, by the command line tools
/// of Bio-Formats; empty where the name's ending is none of theirs.
std::string conversion_of(const std::filesystem::path& path);

/// The sentence about a file of FileKind::other.
std::string why_unknown(const std::filesystem::path& path);

}  // namespace unet
