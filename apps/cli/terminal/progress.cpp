#include "terminal/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "terminal/flags.h"
#include "unet/unet.h"

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

void Progress::update(std::int64_t done, std::int64_t total, std::string_view note) {
    const auto now = Clock::now();
    const bool due = now - last_ >= (terminal_ ? Clock::duration(redraw_interval)
                                               : Clock::duration(line_interval));
    if (!due) return;
    last_ = now;
    const double of_part = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
    const double part = (part_ + of_part) / parts_;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const std::string left =
        part > 0.0 && part < 1.0 ? ", " + duration_text(elapsed / part - elapsed) + " left" : "";
    if (terminal_) {
        constexpr int width = 24;
        const int filled = std::clamp(static_cast<int>(part * width), 0, width);
        clear();
        fmt::print(stderr, "{} [{:=<{}}{: <{}}] {}/{}{} {}", what_, "", filled, "", width - filled,
                   done, total, left, note);
        drawn_ = true;
        std::fflush(stderr);
    } else {
        fmt::print(stderr, "{}: {}/{}{} {}\n", what_, done, total, left, note);
    }
}

void Progress::say(std::string_view message) {
    clear();
    fmt::print(stderr, "{}\n", with_flags(message));
}

void Progress::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\x1b[K");  // to the line's begin, erase it
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace unet::cli
