#include "unet/core/error.h"

#include <algorithm>

namespace unet {
namespace {

bool is_setting(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

}  // namespace

std::string with_settings_shown(std::string_view text,
                                const std::function<std::string(std::string_view)>& shown) {
    std::string result;
    while (true) {
        const std::size_t open = text.find('`');
        const std::size_t close = open == text.npos ? text.npos : text.find('`', open + 1);
        if (close == text.npos) return result.append(text);
        const std::string_view word = text.substr(open + 1, close - open - 1);
        result.append(text.substr(0, open));
        if (is_setting(word)) {
            result.append(shown(word));
            text.remove_prefix(close + 1);
        } else {  // its end may be the begin of a setting's name
            result.append(text.substr(open, close - open));
            text.remove_prefix(close);
        }
    }
}

}  // namespace unet
