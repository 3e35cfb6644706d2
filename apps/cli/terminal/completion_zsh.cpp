#include "terminal/completion_zsh.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet::cli {
namespace {

/// A word for zsh whatever is in it.
std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
    return result + "'";
}

/// The explanation inside a specification of _arguments, where : [ ] separate; up to the first
/// semicolon, as menus are narrow.
std::string explanation(const std::string& text) {
    std::string result;
    for (const char c : text.substr(0, text.find(';'))) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

std::string action(const std::string& placeholder) {
    switch (kind_of_value(placeholder)) {
        case ValueKind::free:
            return " ";
        case ValueKind::folder:
            return "_files -/";
        case ValueKind::file:
            return "_files";
        case ValueKind::word:
            break;
    }
    return fmt::format("({})", fmt::join(words_in(placeholder), " "));
}

}  // namespace

std::string zsh_head(const std::vector<std::pair<std::string, std::string>>& words) {
    std::string list;
    for (const auto& [word, text] : words)
        list += fmt::format("        {}\n", quoted(fmt::format("{}:{}", word, text)));
    return fmt::format(R"(#compdef unet
# Completion of unet for zsh. Made by `unet completion zsh`.
_unet() {{
    local -a known
    known=(
{}    )
    if ((CURRENT == 2)); then
        _describe 'verb of unet' known
        return
    fi
    local verb=$words[2]
    shift words
    ((CURRENT--))
    case $verb in
)",
                       list);
}

std::string zsh_branch(const Help& help) {
    std::string text = fmt::format("        {})\n            _arguments -S \\\n", help.verb);
    for (const FlagHelp& flag : help.flags) {
        const bool is_switch = flag.placeholder.empty();
        const std::string value = is_switch ? ""
                                            : fmt::format(":{}:{}", explanation(flag.placeholder),
                                                          action(flag.placeholder));
        text += fmt::format("                {} \\\n",
                            quoted(fmt::format("{}{}[{}]{}", flag.flag, is_switch ? "" : "=",
                                               explanation(flag.text), value)));
    }
    text += "                '--help[this verb explained]' \\\n";
    if (!help.operands.empty() && !words_in(help.operands[0].first).empty())
        text += fmt::format(
            "                {} \\\n",
            quoted(fmt::format("1:word:({})", fmt::join(words_in(help.operands[0].first), " "))));
    return text + "                '*:file:_files'\n            ;;\n";
}

std::string zsh_tail() {
    // Loaded from a folder of completions, the file is the function; sourced, it names the
    // function.
    return R"(    esac
}
if [[ $funcstack[1] == _unet ]]; then
    _unet "$@"
else
    compdef _unet unet
fi
)";
}

}  // namespace unet::cli
