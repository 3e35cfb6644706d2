#include "flags.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <limits>

namespace unet::cli {
namespace {

/// base_channels -> --base-channels
std::string flag_of(const std::string& name) {
    std::string flag = "--" + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    return flag;
}

bool is_switch(const Field& field) { return std::holds_alternative<bool*>(field.value); }

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

/// One entry of --help: the name, and its explanation beside it.
void print_entry(const std::string& name, const std::string& help) {
    constexpr std::size_t column = 26, width = 74;
    const auto lines = wrap(help, width);
    std::size_t first = 0;
    if (name.size() + 2 < column) {
        fmt::print("  {:<{}}{}\n", name, column - 2, lines[0]);
        first = 1;
    } else {
        fmt::print("  {}\n", name);
    }
    for (std::size_t i = first; i < lines.size(); ++i)
        fmt::print("{:{}}{}\n", "", column, lines[i]);
}

}  // namespace

Flags::Flags(std::string verb, std::string synopsis, std::string summary,
             std::vector<std::string> examples)
    : verb_(std::move(verb)),
      synopsis_(std::move(synopsis)),
      summary_(std::move(summary)),
      examples_(std::move(examples)) {}

void Flags::operand(std::string name, std::string help) {
    operand_help_.emplace_back(std::move(name), std::move(help));
}

void Flags::heading(std::string title) { heading_ = std::move(title); }

void Flags::add(Field field, std::string placeholder) {
    if (placeholder.empty()) placeholder = placeholder_of(field);
    std::string standard = text_of(field);
    entries_.push_back({std::move(field), std::move(placeholder), heading_, std::move(standard)});
}

void Flags::add(const Fields& fields) {
    for (const Field& field : fields) add(field);
}

void Flags::unknown(const std::string& word) const {
    std::vector<std::string> known{"--help"};
    for (const Entry& entry : entries_) {
        known.push_back(flag_of(entry.field.name));
        if (is_switch(entry.field)) known.push_back("--no-" + known.back().substr(2));
    }
    const std::string name = word.substr(0, word.find('='));
    const std::string nearest = nearest_word(name, known);
    throw UsageError(
        fmt::format("unet {}: there is no flag {}{}; `unet {} --help` lists them", verb_, name,
                    nearest.empty() ? "" : fmt::format(", did you mean {}?", nearest), verb_));
}

void Flags::collect(const std::vector<std::string>& arguments, bool& help) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    app.add_flag("-h,--help", help);
    for (const Entry& entry : entries_) {
        const std::string name = entry.field.name, flag = flag_of(name);
        if (is_switch(entry.field)) {
            app.add_flag_function(flag + ",!--no-" + flag.substr(2), [this, name](std::int64_t n) {
                values_[name] = n > 0 ? "true" : "false";
            });
        } else {
            app.add_option_function<std::string>(flag, [this, name, flag](const std::string& text) {
                if (text.starts_with("--"))
                    throw UsageError(
                        fmt::format("unet {}: {} needs a value, found {}", verb_, flag, text));
                values_[name] = text;
            });
        }
    }
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        throw UsageError(fmt::format("unet {}: {}", verb_, error.what()));
    }
    bool only_operands = false;
    for (const std::string& word : app.remaining()) {
        if (word == "--" && !only_operands)
            only_operands = true;
        else if (word.size() > 1 && word[0] == '-' && !only_operands && !help)
            unknown(word);
        else
            operands_.push_back(word);
    }
}

bool Flags::parse(const std::vector<std::string>& arguments, std::size_t least, std::size_t most) {
    bool help = false;
    collect(arguments, help);
    if (help) {
        print_help();
        return false;
    }
    if (operands_.size() < least || operands_.size() > most)
        throw UsageError(fmt::format(
            "unet {}: found {} operand{}{}{}; usage: unet {} {}\n       `unet {} --help` explains",
            verb_, operands_.size(), operands_.size() == 1 ? "" : "s",
            operands_.empty() ? "" : ": ", fmt::join(operands_, " "), verb_, synopsis_, verb_));
    apply();
    return true;
}

void Flags::apply() const {
    for (const Entry& entry : entries_) {
        const auto found = values_.find(entry.field.name);
        if (found != values_.end())
            set_from_text(entry.field, found->second, flag_of(entry.field.name));
    }
}

std::vector<std::string> Flags::given_names() const {
    std::vector<std::string> names;
    for (const auto& [name, text] : values_) names.push_back(flag_of(name).substr(2));
    return names;
}

void Flags::print_help() const {
    fmt::print("usage: unet {} {}\n\n{}\n\nexamples:\n", verb_, synopsis_, summary_);
    for (const std::string& example : examples_) fmt::print("  {}\n", example);
    if (!operand_help_.empty()) fmt::print("\noperands:\n");
    for (const auto& [name, help] : operand_help_) print_entry(name, help);
    std::string heading;
    for (const Entry& entry : entries_) {
        if (entry.heading != heading) fmt::print("\n{}:\n", entry.heading);
        heading = entry.heading;
        const std::string flag = flag_of(entry.field.name);
        if (is_switch(entry.field)) {
            const bool on = entry.standard == "true";
            print_entry(on ? "--no-" + flag.substr(2) : flag,
                        on ? "do without: " + entry.field.help : entry.field.help);
        } else {
            const std::string standard =
                entry.standard.empty() ? "" : fmt::format(" [{}]", entry.standard);
            print_entry(flag + " " + entry.placeholder, entry.field.help + standard);
        }
    }
    if (heading.empty()) return;
    fmt::print("\n  --help, -h              this text\n");
}

}  // namespace unet::cli
