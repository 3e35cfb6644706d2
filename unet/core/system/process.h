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

/// Makes the standard streams safe to write to, at the begin of a program: writing to a pipe that
/// nobody reads any longer, or to a file that may grow no more, is an error and no longer the
/// program's end, and a stream that was closed gives errors, where else the next file that is
/// opened would take its place and its text. For programs: the library never calls it.
void keep_streams() noexcept;

/// Whether somebody reads along.
bool is_terminal(std::FILE* stream) noexcept;

}  // namespace unet::system
