#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unet::cli {

/// A flag as a reader sees it.
struct FlagHelp {
    std::string flag;         ///< what changes the default: "--levels", "--overlay", "--no-flips"
    std::string placeholder;  ///< of its value: "DIR", "N|auto", "valid|same"; empty: a switch
    std::string text;         ///< what it does, with units
    std::string standard;     ///< the default as one would type it; empty: none, or said in `text`
    std::string heading;      ///< the group that it stands in
};

/// What a verb takes. `--help`, the manual page and the completion of both shells are printed from
/// this one table, so that they cannot drift.
/// Words in small letters stand as they are typed, in an operand ("show") and in a placeholder
/// ("valid|same", "N|auto"); capitals name what the user fills in.
struct Help {
    std::string verb;
    std::string synopsis;  ///< what follows "unet VERB"
    std::string summary;
    std::vector<std::string> examples;  ///< whole command lines, in the order of use
    std::vector<std::pair<std::string, std::string>> operands;  ///< name, explanation
    std::vector<FlagHelp> flags;
};

/// `unet VERB --help`.
std::string help_text(const Help& help);

/// The words among the choices of an operand or a placeholder: "N|auto" has "auto".
std::vector<std::string> words_in(std::string_view choices);

/// What a value names, for completion.
enum class ValueKind { free, word, folder, file };
ValueKind kind_of_value(std::string_view placeholder);

}  // namespace unet::cli
