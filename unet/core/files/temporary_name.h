#pragma once

#include <filesystem>

namespace unet {

/// A name beside `target` that no other program takes, on any machine that sees the folder:
/// TARGET.MACHINE-PROCESS-COUNT.tmp, MACHINE 8 hexadecimal digits that stand for the machine.
std::filesystem::path temporary_name(const std::filesystem::path& target);

/// True for a name of temporary_name() whose program was on this machine and has ended.
bool is_abandoned(const std::filesystem::path& path);

}  // namespace unet
