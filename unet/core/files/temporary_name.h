#pragma once

#include <filesystem>

namespace unet {

/// A name beside `target` that no other program takes, on any machine that sees the folder:
/// TARGET.MACHINE-PROCESS-COUNT.tmp, MACHINE 8 hexadecimal digits that stand for the machine. Of a
/// TARGET that leaves no room for that its begin.
std::filesystem::path temporary_name(const std::filesystem::path& target);

/// True for a name of temporary_name() whose program was on this machine and has ended.
bool is_abandoned(const std::filesystem::path& path);

/// True where `path` may be a temporary_name() of `target`, or of `target` with an ending more.
bool is_temporary_of(const std::filesystem::path& path, const std::filesystem::path& target);

}  // namespace unet
