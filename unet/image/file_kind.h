#pragma once

#include <filesystem>
#include <string>

namespace unet {

enum class FileKind { png, jpeg, tiff, nifti, zarr, other };

/// What the first bytes say: names lie. A folder is zarr if is_image_folder. Throws Error(io) for
/// what cannot be read.
FileKind file_kind_of(const std::filesystem::path& path);

/// A folder that is one image: named .zarr, with the metadata of Zarr inside.
bool is_image_folder(const std::filesystem::path& path);

/// The command that turns the file of a microscope's maker into OME-TIFF, by the command line tools
/// of Bio-Formats; empty where the name's ending is none of theirs.
std::string conversion_of(const std::filesystem::path& path);

/// The sentence about a file of FileKind::other.
std::string why_unknown(const std::filesystem::path& path);

}  // namespace unet
