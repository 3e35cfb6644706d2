#include "terminal/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "terminal/flags.h"
#include "terminal/streams.h"

namespace unet::cli {
namespace {

constexpr std::chrono::milliseconds redraw_interval{100};
constexpr std::chrono::seconds line_interval{10};

}  // namespace

Progress::Progress(std::string what)
    : what_(std::move(what)),
      terminal_(system::is_terminal(stderr)),
      start_(Clock::now()),
      last_(start_) {}

Progress::~Progress() { clear(); }

void Progress::begin_part(std::size_t part, std::size_t parts) {
    part_ = static_cast<double>(part);
    parts_ = static_cast<double>(parts);
}

void Progress::update(std::int64_t done, std::int64_t total, std::string_view note,
                      std::optional<double> left) {
    const auto now = Clock::now();
    const double of_part = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
    const double part = (part_ + of_part) / parts_;
    left_.reached(std::chrono::duration<double>(now - start_).count(), part);
    const bool due = now - last_ >= (terminal_ ? Clock::duration(redraw_interval)
                                               : Clock::duration(line_interval));
    if (!due) return;
    last_ = now;
    if (!left) left = left_.seconds();
    const std::string rest =
        left && part < 1.0 ? fmt::format(", {} left", duration_text(*left)) : "";
    if (terminal_) {
        constexpr int width = 24;
        const int filled = std::clamp(static_cast<int>(part * width), 0, width);
        clear();
        tell("{} [{:=<{}}{: <{}}] {}/{}{} {}", what_, "", filled, "", width - filled, done, total,
             rest, note);
        drawn_ = true;
    } else {
        tell("{}: {}/{}{} {}\n", what_, done, total, rest, note);
    }
}

void Progress::say(std::string_view message) {
    clear();
    tell("{}\n", with_flags(message));
}

void Progress::clear() {
    if (!drawn_) return;
    tell("\r\x1b[K");  // to the line's begin, erase it
    drawn_ = false;
}

}  // namespace unet::cli
