#include "verbs/recipe_flags.h"

#include <algorithm>
#include <charconv>

namespace unet::cli {
namespace {

/// Keys of config.toml that are operands here, or flags of another form.
constexpr std::string_view not_flags[] = {"data", "label_files", "budget", "steps", "preset"};

}  // namespace

void RecipeFlags::add_to(Flags& flags, std::initializer_list<std::string_view> sections) {
    for (const Section& section : sections_of(options)) {
        if (sections.size() > 0 &&
            std::find(sections.begin(), sections.end(), section.name) == sections.end())
            continue;
        const bool run = section.name == "run";
        flags.heading(run ? "data" : section.name);
        for (const Field& field : section.fields)
            if (std::find(std::begin(not_flags), std::end(not_flags), field.name) ==
                std::end(not_flags))
                flags.add(field);
        if (!run) continue;
        flags.heading("recipe (sets all numbers below; few need to change one of them)");
        flags.add({"preset",
                   "default for minutes on a CPU, ronneberger2015 for the network and the training "
                   "of the paper [default]",
                   &preset},
                  fmt::format("{}", fmt::join(preset_names(), "|")));
        flags.add({"config", "the numbers of an earlier run: its config.toml", &config}, "FILE");
    }
}

void RecipeFlags::settle(const Flags& flags) {
    options = starting_options(preset, config);
    flags.apply();
}

double parse_duration(std::string_view text, std::string_view where) {
    double seconds = 0.0;
    const char *at = text.data(), *end = text.data() + text.size();
    bool good = at != end;
    while (good && at != end) {
        double number = 0.0;
        const auto [unit, error] = std::from_chars(at, end, number, std::chars_format::fixed);
        good = error == std::errc() && unit != end && number >= 0.0 && number < 1e7;
        if (!good) break;
        const std::size_t place = std::string_view("smh").find(*unit);
        good = place != std::string_view::npos;
        seconds += number * (place == 0 ? 1.0 : place == 1 ? 60.0 : 3600.0);
        at = unit + 1;
    }
    if (!good || seconds <= 0.0)
        fail(ErrorCode::invalid_argument,
             "{}: found '{}', expected a time such as 90s, 3m or 1h30m", where, text);
    return seconds;
}

}  // namespace unet::cli
