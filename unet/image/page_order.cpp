#include "unet/image/page_order.h"

#include <algorithm>
#include <charconv>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Where the lengths of an axis are gathered: T and all others 0, Z 1, C 2.
std::size_t role_of(char letter) { return letter == 'Z' ? 1 : letter == 'C' ? 2 : 0; }

constexpr std::int64_t open_length = 0;  ///< not said

/// The letters before YX with the lengths behind them.
std::vector<Axis> parse_axes(std::string_view text, std::string_view where) {
    const auto refuse = [&] {
        fail_setting(
            "axes", ErrorCode::invalid_argument,
            "{}: found '{}' for `axes`, expected T, Z and C, each once at most, from the slowest "
            "to the fastest, then YX: ZYX, CZYX, or with a length TZ5YX",
            where, text);
    };
    std::string_view rest = text;
    if (rest.ends_with('S')) rest.remove_suffix(1);
    if (!rest.ends_with("YX")) refuse();
    rest.remove_suffix(2);
    std::vector<Axis> axes;
    while (!rest.empty()) {
        Axis axis{rest.front(), open_length};
        rest.remove_prefix(1);
        const bool known = std::string_view("TZC").find(axis.letter) != std::string_view::npos;
        if (!known || std::any_of(axes.begin(), axes.end(),
                                  [&](const Axis& other) { return other.letter == axis.letter; }))
            refuse();
        if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
            const auto [end, error] =
                std::from_chars(rest.data(), rest.data() + rest.size(), axis.length);
            if (error != std::errc() || axis.length < 1) refuse();
            rest.remove_prefix(end - rest.data());
        }
        axes.push_back(axis);
    }
    return axes;
}

/// Length of the first axis of this letter, or open.
std::int64_t length_in(const std::vector<Axis>& axes, char letter) {
    for (const Axis& axis : axes)
        if (axis.letter == letter) return axis.length;
    return open_length;
}

/// The one open axis takes what the others leave.
std::optional<PageOrder> fill_open(std::vector<Axis> axes, std::int64_t pages) {
    Axis* open = nullptr;
    std::int64_t left = pages;
    for (Axis& axis : axes) {
        if (axis.length == open_length) {
            if (open != nullptr) return {};
            open = &axis;
        } else {
            left /= axis.length;
        }
    }
    if (open != nullptr) open->length = left;
    return PageOrder::of(axes, pages);
}

}  // namespace

std::optional<PageOrder> PageOrder::of(const std::vector<Axis>& axes, std::int64_t pages) {
    PageOrder order;
    for (const Axis& axis : axes) {
        // Lengths multiply to `pages` or not at all, which also keeps the products small.
        if (axis.length < 1 || axis.length > pages || order.pages() > pages / axis.length)
            return {};
        order.lengths_[role_of(axis.letter)] *= axis.length;
        if (axis.length > 1) order.axes_.push_back(axis);
    }
    if (order.pages() != pages) return {};
    return order;
}

std::int64_t PageOrder::page(std::int64_t slice, std::int64_t channel) const noexcept {
    std::int64_t left[3] = {slice / slices(), slice % slices(), channel};
    std::int64_t page = 0, step = 1;
    for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
        std::int64_t& rest = left[role_of(axis->letter)];
        page += rest % axis->length * step;
        rest /= axis->length;
        step *= axis->length;
    }
    return page;
}

PageOrder reordered(const std::vector<Axis>& known, std::int64_t pages, std::string_view axes,
                    std::string_view where) {
    const std::vector<Axis> typed = parse_axes(axes, where);
    // First what the file knows, then what is left for the one letter that nothing is known of.
    std::vector<Axis> filled = typed;
    for (Axis& axis : filled)
        if (axis.length == open_length) axis.length = length_in(known, axis.letter);
    for (const auto& attempt : {filled, typed})
        if (const auto order = fill_open(attempt, pages)) return *order;
    fail_setting("axes", ErrorCode::invalid_argument,
                 "{}: `axes` {} does not make its {} page(s){}; say how long each axis is: T4Z5YX",
                 where, axes, pages, known.empty() ? "" : fmt::format(" ({})", to_string(known)));
}

std::string to_string(const std::vector<Axis>& axes) {
    std::string text;
    for (const Axis& axis : axes)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis.letter, axis.length);
    return text;
}

}  // namespace unet
