#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "terminal/flags.h"

namespace unet::cli {

/// What decides a training, as flags: `--preset`, `--config` and a flag for every key of
/// config.toml. Later ones win: defaults < preset < config file < flags.
struct RecipeFlags {
    TrainOptions options = starting_options({}, {});
    std::string preset, config;

    /// Adds the flags of the sections named, all if there are none ("run" has to be among them: the
    /// recipe follows it); `steps`, `budget` and the keys that are operands are left out.
    void add_to(Flags& flags, std::initializer_list<std::string_view> sections = {});
    /// Puts the options together once the flags were parsed.
    void settle(const Flags& flags);
};

/// "90s", "3m", "1h30m" in seconds. `where` begins the message.
/// Throws Error(invalid_argument), also for a bare number: seconds or minutes?
double parse_duration(std::string_view text, std::string_view where);

}  // namespace unet::cli
