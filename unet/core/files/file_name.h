#pragma once

#include <filesystem>
#include <string_view>

namespace unet {

/// What a file system accepts for one name, in bytes.
inline constexpr std::size_t most_name_bytes = 255;

/// False, too, for what cannot be looked at, such as a link that leads to itself.
bool is_there(const std::filesystem::path& path);

/// Throws Error(io) for a name that no file can have: better now than after hours of work.
void check_name_fits(const std::filesystem::path& file);

/// What systems put beside files, and nobody means: names that begin with a point ("._a.tif" and
/// ".DS_Store" of macOS), "__MACOSX", "Thumbs.db", "desktop.ini".
bool is_of_system(std::string_view name);

/// The file or folder inside `folder` that a person or another program calls `name`: of that very
/// name, without blanks around it, with slashes for backslashes, and at last of a name that looks
/// the same (comparable_name, as_utf8), part by part. Empty where there is none, or where several
/// could be meant.
std::filesystem::path file_named(const std::filesystem::path& folder, std::string_view name);

}  // namespace unet
