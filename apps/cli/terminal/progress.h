#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "unet/unet.h"

namespace unet::cli {

/// Says on stderr how far the work is: a bar that redraws itself on a terminal, a line now and then
/// elsewhere (a log file, a CI page).
class Progress {
public:
    explicit Progress(std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// What comes is the `part`-th (from 0) of `parts` pieces of about equal work, each with a
    /// `done` and `total` of its own: the bar and the time left are those of all.
    void begin_part(std::size_t part, std::size_t parts);
    /// `done` of `total`; `note` stands behind the bar ("loss 0.21"). The time left is guessed from
    /// how it went so far, once that says something (TimeLeft), unless `left` has its seconds.
    void update(std::int64_t done, std::int64_t total, std::string_view note = {},
                std::optional<double> left = {});
    /// A message on a line of its own, above the bar; settings in it as flags.
    void say(std::string_view message);
    /// Removes the bar.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    std::string what_;
    bool drawn_ = false;
    bool terminal_;
    Clock::time_point start_, last_;
    TimeLeft left_;
    double part_ = 0.0, parts_ = 1.0;
};

}  // namespace unet::cli
