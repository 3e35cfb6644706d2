#include "unet/annotation/class_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "unet/core/error.h"

namespace unet {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The value that a name says; the largest one for numbers beyond it.
std::optional<std::uint32_t> said_value(std::string_view name) {
    for (const std::string_view begin : {"class ", "group "}) {
        if (!name.starts_with(begin)) continue;
        const std::string_view digits = name.substr(begin.size());
        if (digits.empty() || digits[0] == '0' ||
            !std::all_of(digits.begin(), digits.end(), is_digit))
            return {};
        std::uint32_t value = 0xFFFFFFFF;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }
    return {};
}

/// The digits at the begin of `text`, without leading zeros; they are taken away.
std::string_view take_number(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

}  // namespace

std::string class_name_of(std::uint32_t value) { return fmt::format("class {}", value); }

bool ByName::operator()(const std::string& a, const std::string& b) const {
    std::string_view left = a, right = b;
    while (!left.empty() && !right.empty()) {
        if (is_digit(left[0]) && is_digit(right[0])) {
            const std::string_view x = take_number(left), y = take_number(right);
            if (x.size() != y.size()) return x.size() < y.size();
            if (x != y) return x < y;
        } else {
            if (left[0] != right[0]) return std::string::traits_type::lt(left[0], right[0]);
            left.remove_prefix(1);
            right.remove_prefix(1);
        }
    }
    return left.size() != right.size() ? left.empty() : a < b;
}

std::vector<std::string> names_by_value(const std::set<std::string, ByName>& found,
                                        std::uint32_t most, const std::string& where) {
    std::vector<std::string> names, others;
    for (const std::string& name : found) {
        const auto value = said_value(name);
        if (!value) {
            others.push_back(name);
            continue;
        }
        if (*value > most)
            fail_setting(
                "classes", ErrorCode::invalid_argument,
                "{}: found the class '{}', expected values up to {}; name the classes in `classes`",
                where, name, most);
        if (*value > names.size()) names.resize(*value);
        names[*value - 1] = name;
    }
    auto free = names.begin();
    for (const std::string& name : others) {
        free = std::find(free, names.end(), "");
        if (free == names.end()) free = names.insert(free, "");
        *free = name;
    }
    if (names.size() > most)
        fail(ErrorCode::invalid_argument, "{}: found {} classes, expected {} at most", where,
             names.size(), most);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].empty()) names[i] = class_name_of(static_cast<std::uint32_t>(i + 1));
    return names;
}

std::uint32_t value_of_class(const std::string& name, const std::vector<std::string>& names) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place != names.end()) return static_cast<std::uint32_t>(place - names.begin()) + 1;
    const auto value = said_value(name);
    return value && *value <= names.size() ? *value : 0;
}

}  // namespace unet
