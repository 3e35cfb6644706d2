#include "terminal/help.h"

#include <fmt/format.h>

#include <algorithm>

namespace unet::cli {
namespace {

/// `text` broken into lines of at most `width` characters.
std::vector<std::string> wrap(const std::string& text, std::size_t width) {
    std::vector<std::string> lines{""};
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width)
            lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + word;
        begin = end + 1;
    }
    return lines;
}

/// The name, and its explanation beside it.
std::string entry(const std::string& name, const std::string& text) {
    constexpr std::size_t column = 26, width = 74;
    const auto lines = wrap(text, width);
    std::string result;
    std::size_t first = 0;
    if (name.size() + 2 < column) {
        result = fmt::format("  {:<{}}{}\n", name, column - 2, lines[0]);
        first = 1;
    } else {
        result = fmt::format("  {}\n", name);
    }
    for (std::size_t i = first; i < lines.size(); ++i)
        result += fmt::format("{:{}}{}\n", "", column, lines[i]);
    return result;
}

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

}  // namespace

std::vector<std::string> words_in(std::string_view choices) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= choices.size();) {
        const std::size_t end = std::min(choices.find('|', begin), choices.size());
        if (is_word(choices.substr(begin, end - begin)))
            words.emplace_back(choices.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

ValueKind kind_of_value(std::string_view placeholder) {
    if (placeholder == "DIR" || placeholder == "RUN") return ValueKind::folder;
    if (placeholder == "FILE" || placeholder == "MODEL" || placeholder == "DATA")
        return ValueKind::file;
    return words_in(placeholder).empty() ? ValueKind::free : ValueKind::word;
}

std::string help_text(const Help& help) {
    std::string text = fmt::format("usage: unet {} {}\n\n{}\n\nexamples:\n", help.verb,
                                   help.synopsis, help.summary);
    for (const std::string& example : help.examples) text += fmt::format("  {}\n", example);
    if (!help.operands.empty()) text += "\noperands:\n";
    for (const auto& [name, meaning] : help.operands) text += entry(name, meaning);
    std::string heading;
    for (const FlagHelp& flag : help.flags) {
        if (flag.heading != heading) text += fmt::format("\n{}:\n", flag.heading);
        heading = flag.heading;
        text += entry(flag.placeholder.empty() ? flag.flag : flag.flag + " " + flag.placeholder,
                      flag.text + (flag.standard.empty() ? "" : " [" + flag.standard + "]"));
    }
    return text + "\n" + entry("--help, -h", "this text; [...] is what holds if you say nothing");
}

}  // namespace unet::cli
