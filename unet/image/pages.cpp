#include "unet/image/pages.h"

#include <charconv>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Reads a number from the front of `text` and removes it; false if there is none.
bool take_number(std::string_view& text, std::int64_t& value) {
    // from_chars would accept a minus sign.
    if (text.empty() || text.front() < '0' || text.front() > '9') return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return false;
    text.remove_prefix(end - text.data());
    return true;
}

}  // namespace

PageRange parse_pages(std::string_view text, std::string_view where, const std::string& setting) {
    PageRange range;
    std::string_view rest = text;
    bool more = true;
    while (more) {
        std::int64_t first = 0;
        bool good = take_number(rest, first);
        std::int64_t last = first;
        if (good && !rest.empty() && rest.front() == '-') {
            rest.remove_prefix(1);
            good = take_number(rest, last);
        }
        more = !rest.empty() && rest.front() == ',';
        if (more) rest.remove_prefix(1);
        if (!good || last < first || (!more && !rest.empty()))
            fail_setting(setting, ErrorCode::invalid_argument,
                         "{}: found '{}', expected pages counted from 0 such as 3, 0-17 or 0-2,5",
                         where, text);
        for (const auto& [begin, end] : range.spans)
            if (first <= end && begin <= last)
                fail_setting(setting, ErrorCode::invalid_argument,
                             "{}: '{}' names page {} twice; name each once", where, text,
                             std::max(first, begin));
        range.spans.emplace_back(first, last);
    }
    return range;
}

std::vector<std::int64_t> PageRange::resolve(std::int64_t available, std::string_view where,
                                             std::string_view what) const {
    std::vector<std::int64_t> pages;
    for (const auto& [first, last] : spans) {
        if (last >= available)
            fail(ErrorCode::invalid_argument,
                 "{}: {} {} was asked for, but there are {} (counted from 0, so the last is {})",
                 where, what, last, available, available - 1);
        for (std::int64_t page = first; page <= last; ++page) pages.push_back(page);
    }
    return pages;
}

}  // namespace unet
