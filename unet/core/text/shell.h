#pragma once

#include <string>
#include <string_view>

namespace unet {

/// `text` as one word of a POSIX shell: as it is where nothing in it means something to the shell,
/// else in single quotes. For commands that a user copies from a message.
std::string shell_word(std::string_view text);

}  // namespace unet
