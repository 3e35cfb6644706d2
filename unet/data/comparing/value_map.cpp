#include "unet/data/comparing/value_map.h"

#include <fmt/ranges.h>

#include <charconv>

#include "unet/core/error.h"

namespace unet {

ValueMap parse_values(const std::string& text) {
    ValueMap values;
    const char *place = text.data(), *end = place + text.size();
    const auto number = [&](std::uint32_t& value) {
        const auto [after, error] = std::from_chars(place, end, value);
        place = after;
        return error == std::errc();
    };
    bool more = !text.empty();
    while (more) {
        std::uint32_t from = 0, to = 0;
        bool good = number(from) && place != end && *place++ == '=' && number(to);
        more = good && place != end;
        if (more) good = *place++ == ',';
        if (!good || !values.emplace(from, to).second)
            fail_setting("values", ErrorCode::invalid_argument,
                         "`values`: found '{}', expected what each predicted value is in the "
                         "truth, each once, such as 1=0,2=255",
                         text);
    }
    return values;
}

void replace_values(std::span<std::uint32_t> values, const ValueMap& map) {
    for (std::size_t i = 0; i < values.size();) {
        const std::uint32_t value = values[i];
        const auto place = map.find(value);
        const std::uint32_t becomes = place == map.end() ? value : place->second;
        while (i < values.size() && values[i] == value) values[i++] = becomes;
    }
}

std::string list_of_values(std::span<const std::uint32_t> values) {
    constexpr std::size_t most = 12;
    if (values.size() <= most + 1) return fmt::format("{}", fmt::join(values, ", "));
    return fmt::format("{}, ... {} ({} values)", fmt::join(values.first(most), ", "), values.back(),
                       values.size());
}

std::vector<std::uint32_t> values_of(const LabelSurvey& survey) {
    std::vector<std::uint32_t> values;
    for (const auto& [value, count] : survey.values) values.push_back(value);
    return values;
}

}  // namespace unet
