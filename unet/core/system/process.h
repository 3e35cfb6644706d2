#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

namespace unet::system {

/// The name that this machine has on its network; "unknown" where the system does not say.
std::string machine_name();

/// The number of this process, which no other one of the machine has.
int process_id() noexcept;

/// True if no process of this machine has that number. Of other machines nothing is known.
bool has_ended(int process) noexcept;

/// The file that this program runs from, links followed; where the system does not say, what the
/// first word of the command line names; empty where that is not found either.
std::filesystem::path program_file();

/// Whether somebody reads along.
bool is_terminal(std::FILE* stream) noexcept;

}  // namespace unet::system
