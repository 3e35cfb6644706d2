#pragma once

#include <filesystem>
#include <string>

namespace unet {

/// The name that this machine has on its network; "unknown" where the system does not say.
std::string machine_name();

/// True if no process of this machine has that number. Of other machines nothing is known.
bool has_ended(int process);

/// A name beside `target` that no other program takes, on any machine that sees the folder:
/// TARGET.MACHINE-PROCESS-COUNT.tmp, MACHINE 8 hexadecimal digits that stand for the machine.
std::filesystem::path temporary_name(const std::filesystem::path& target);

/// True for a name of temporary_name() whose program was on this machine and has ended.
bool is_abandoned(const std::filesystem::path& path);

}  // namespace unet
