#include "unet/core/text/shell.h"

#include <algorithm>

namespace unet {
namespace {

/// Bytes beyond ASCII are letters to every shell; "~" and "-" mean something in front only.
bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 128 || (c >= '0' && c <= '9') ||
           (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("_-./:,+@%=").find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view text) {
    // A word that begins with a dash would be taken for a flag.
    if (text.starts_with('-')) return shell_word("./" + std::string(text));
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

}  // namespace unet
