#include "terminal/flags.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <functional>
#include <set>

#include "terminal/completion_bash.h"
#include "terminal/completion_zsh.h"
#include "terminal/manual.h"
#include "terminal/streams.h"

namespace unet::cli {
namespace {

/// Names of the settings that have a flag, of all verbs whose Flags were made.
std::set<std::string, std::less<>>& known_settings() {
    static std::set<std::string, std::less<>> names;
    return names;
}

/// What is typed for a function of the library that a message names.
std::string_view command_for(std::string_view function) {
    constexpr std::pair<std::string_view, std::string_view> commands[] = {
        {"check_data", "unet check"},
        {"find_objects", "unet objects"},
        {"mend", "unet check DATA --fix NEWDATA"},
        {"read_image_info", "unet info IMAGE"},
        {"show_patches", "unet data show"},
    };
    for (const auto& [name, command] : commands)
        if (name == function) return command;
    return function;
}

bool is_switch(const Field& field) { return std::holds_alternative<bool*>(field.value); }

}  // namespace

std::string flag_of(const std::string& name) {
    std::string flag = "--" + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    return flag;
}

std::string with_flags(std::string_view message) {
    return with_settings_shown(message, [](std::string_view name) {
        return known_settings().contains(name) ? flag_of(std::string(name))
                                               : fmt::format("`{}`", command_for(name));
    });
}

std::string flags_that_differ(const Fields& fields, const Fields& usual) {
    std::string typed;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string text = text_of(fields[i]);
        if (text == text_of(usual[i])) continue;
        const std::string flag = flag_of(fields[i].name);
        if (is_switch(fields[i]))
            typed += text == "true" ? " " + flag : " --no-" + flag.substr(2);
        else
            typed += fmt::format(" {} {}", flag, shell_word(text));
    }
    return typed;
}

Flags::Flags(std::string verb, std::string synopsis, std::string summary,
             std::vector<std::string> examples)
    : help_{std::move(verb), std::move(synopsis), std::move(summary), std::move(examples), {}, {}} {
}

void Flags::operand(std::string name, std::string help) {
    help_.operands.emplace_back(std::move(name), std::move(help));
}

void Flags::heading(std::string title) { heading_ = std::move(title); }

void Flags::add(Field field, std::string placeholder) {
    FlagHelp entry{flag_of(field.name), "", with_flags(field.help), "", heading_};
    if (is_switch(field)) {
        if (text_of(field) == "true") {
            entry.flag = "--no-" + entry.flag.substr(2);
            entry.text = "do without: " + entry.text;
        }
    } else {
        if (!placeholder.empty()) field.placeholder = std::move(placeholder);
        entry.placeholder = placeholder_of(field);
        entry.standard = text_of(field);
    }
    help_.flags.push_back(std::move(entry));
    known_settings().insert(field.name);
    fields_.push_back(std::move(field));
}

void Flags::add(const Fields& fields) {
    for (const Field& field : fields) add(field);
}

void Flags::unknown(const std::string& word) const {
    std::vector<std::string> known{"--help"};
    for (const Field& field : fields_) {
        known.push_back(flag_of(field.name));
        if (is_switch(field)) known.push_back("--no-" + known.back().substr(2));
    }
    const std::string name = word.substr(0, word.find('='));
    const std::string nearest = nearest_word(name, known);
    throw UsageError(
        fmt::format("unet {}: there is no flag {}{}; `unet {} --help` lists them", help_.verb, name,
                    nearest.empty() ? "" : fmt::format(", did you mean {}?", nearest), help_.verb));
}

void Flags::collect(const std::vector<std::string>& arguments, bool& help) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    app.add_flag("-h,--help", help);
    for (const Field& field : fields_) {
        const std::string name = field.name, flag = flag_of(name);
        if (is_switch(field)) {
            app.add_flag_function(flag + ",!--no-" + flag.substr(2), [this, name](std::int64_t n) {
                values_[name] = n > 0 ? "true" : "false";
            });
        } else {
            app.add_option_function<std::string>(flag, [this, name, flag](const std::string& text) {
                if (text.starts_with("--"))
                    throw UsageError(
                        fmt::format("unet {}: {} needs a value, found {}", help_.verb, flag, text));
                values_[name] = text;
            });
        }
    }
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        throw UsageError(fmt::format("unet {}: {}", help_.verb, error.what()));
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
    constexpr std::string_view with_form = "--help=";
    bool help = false;
    if (arguments.size() == 1 && arguments[0].starts_with(with_form)) {
        print_help(std::string_view(arguments[0]).substr(with_form.size()));
        return false;
    }
    collect(arguments, help);
    if (help) {
        print_help("");
        return false;
    }
    if (operands_.size() < least || operands_.size() > most)
        throw UsageError(fmt::format(
            "unet {}: found {} operand{}{}{}; usage: unet {} {}\n       `unet {} --help` explains",
            help_.verb, operands_.size(), operands_.size() == 1 ? "" : "s",
            operands_.empty() ? "" : ": ", fmt::join(operands_, " "), help_.verb, help_.synopsis,
            help_.verb));
    apply();
    return true;
}

void Flags::apply() const {
    for (const Field& field : fields_) {
        const auto found = values_.find(field.name);
        if (found != values_.end()) set_from_text(field, found->second, flag_of(field.name));
    }
}

std::vector<std::string> Flags::given_names() const {
    std::vector<std::string> names;
    for (const auto& [name, text] : values_) names.push_back(flag_of(name).substr(2));
    return names;
}

/// `--help=FORM`: a verb's part of the manual page and of the completion scripts, which `unet man`
/// and `unet completion` put together; `none` only makes its flags known to with_flags.
void Flags::print_help(std::string_view form) const {
    constexpr std::pair<std::string_view, std::string (*)(const Help&)> forms[] = {
        {"", help_text},
        {"man", manual_section},
        {"bash", bash_branch},
        {"zsh", zsh_branch},
        {"none", [](const Help&) { return std::string(); }}};
    for (const auto& [name, print] : forms) {
        if (form != name) continue;
        put("{}", print(help_));
        return;
    }
    throw UsageError(fmt::format("unet {}: --help takes no value, found '{}'", help_.verb, form));
}

}  // namespace unet::cli
