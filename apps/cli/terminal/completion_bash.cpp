#include "terminal/completion_bash.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet::cli {
namespace {

/// How the script calls what a value is (its `kind`).
std::string kind_setting(const std::string& placeholder) {
    switch (kind_of_value(placeholder)) {
        case ValueKind::free:
            return "kind=free";
        case ValueKind::folder:
            return "kind=folder";
        case ValueKind::file:
            return "kind=file";
        case ValueKind::word:
            break;
    }
    return fmt::format("kind=word words=\"{}\"", fmt::join(words_in(placeholder), " "));
}

}  // namespace

std::string bash_head(const std::vector<std::string>& words) {
    return fmt::format(R"(# Completion of unet for bash. Made by `unet completion bash`.
_unet() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
    # bash takes --flag=value apart at the equals sign.
    if [[ $word == "=" ]]; then
        word=
    elif [[ $before == "=" ]]; then
        before=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    local kind=operand words= flags= first=
    if ((COMP_CWORD == 1)); then
        kind=word words="{}"
    else
        case ${{COMP_WORDS[1]}} in
)",
                       fmt::join(words, " "));
}

std::string bash_branch(const Help& help) {
    std::string flags, values, first;
    for (const FlagHelp& flag : help.flags) {
        flags += flag.flag + " ";
        if (!flag.placeholder.empty())
            values += fmt::format("                    {}) {} ;;\n", flag.flag,
                                  kind_setting(flag.placeholder));
    }
    if (!help.operands.empty())
        first = fmt::format("{}", fmt::join(words_in(help.operands[0].first), " "));
    return fmt::format(R"(            {})
                flags="{}--help" first="{}"
                case $before in
{}                esac
                ;;
)",
                       help.verb, flags, first, values);
}

std::string bash_tail() {
    // Paths are left to readline, which knows about quotes, blanks and ~.
    return R"(        esac
    fi
    if [[ $kind == operand ]]; then
        if [[ $word == -* ]]; then
            kind=word words=$flags
        elif ((COMP_CWORD == 2)) && [[ -n $first ]]; then
            kind=word words=$first
        else
            kind=file
        fi
    fi
    COMPREPLY=()
    case $kind in
        word)
            compopt +o default 2> /dev/null
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
            ;;
        free) compopt +o default 2> /dev/null ;;
        folder) compopt +o default -o dirnames 2> /dev/null ;;
    esac
}
complete -o default -F _unet unet
)";
}

}  // namespace unet::cli
