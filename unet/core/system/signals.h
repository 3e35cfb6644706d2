#pragma once

namespace unet::system {

/// From now on the first Ctrl-C (or SIGTERM; on Windows Ctrl-Break) only asks the work to finish
/// early; a second one ends the program at once. For programs: the library never calls it.
void ask_before_interrupt();

/// Whether the user asked to stop.
bool interrupted() noexcept;

}  // namespace unet::system
