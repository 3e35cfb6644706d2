#pragma once

namespace unet::cli {

/// From now on the first Ctrl-C (or SIGTERM) only asks the work to finish early; a second one ends
/// the program at once.
void ask_before_interrupt();

/// Whether the user asked to stop.
bool interrupted();

}  // namespace unet::cli
