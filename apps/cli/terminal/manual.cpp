#include "terminal/manual.h"

#include <fmt/format.h>

namespace unet::cli {
namespace {

std::string paragraph(const std::string& tag, const std::string& text) {
    return fmt::format(".TP\n{}\n{}\n", tag, troff(text));
}

/// A line in bold: names and words that are typed.
std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", troff(text)); }

std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fR", troff(text)); }

}  // namespace

std::string troff(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool line_begins = result.empty() || result.back() == '\n';
        if (line_begins && (c == '.' || c == '\'')) result += "\\&";
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else if (c == '\'')
            result += "\\(aq";
        else if (c == '`')
            result += "\\(ga";
        else
            result += c;
    }
    return result;
}

std::string manual_section(const Help& help) {
    std::string text =
        fmt::format(".SH UNET {}\n.PP\n{} {}\n.PP\n{}\n", help.verb, bold("unet " + help.verb),
                    troff(help.synopsis), troff(help.summary));
    text += ".SS Examples\n.EX\n";
    for (const std::string& example : help.examples) text += troff(example) + "\n";
    text += ".EE\n";
    if (!help.operands.empty()) text += ".SS Operands\n";
    for (const auto& [name, meaning] : help.operands)
        text += paragraph(words_in(name).empty() ? italic(name) : bold(name), meaning);
    std::string heading;
    for (const FlagHelp& flag : help.flags) {
        if (flag.heading != heading) text += fmt::format(".SS {}\n", troff(flag.heading));
        heading = flag.heading;
        const std::string value =
            flag.placeholder.empty() ? "" : fmt::format(" {}", italic(flag.placeholder));
        text += paragraph(bold(flag.flag) + value,
                          flag.text + (flag.standard.empty() ? "" : " [" + flag.standard + "]"));
    }
    return text;
}

}  // namespace unet::cli
