#include "unet/core/fields.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"

namespace unet {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

template <class Number>
Number parse_number(std::string_view text, const Field& field, std::string_view where,
                    const char* expected) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        fail(ErrorCode::invalid_argument, "{}: found '{}', expected {}", where, text, expected);
    const auto value = static_cast<double>(number);
    if (!(value >= field.minimum && value <= field.maximum))  // not a number is refused, too
        fail(ErrorCode::invalid_argument, "{}: found {}, expected {} from {} to {}", where, text,
             expected, field.minimum, field.maximum);
    return number;
}

}  // namespace

std::string text_of(const Field& field) {
    return std::visit(Overloaded{[](const bool* v) { return std::string(*v ? "true" : "false"); },
                                 [](const std::int64_t* v) { return fmt::format("{}", *v); },
                                 [](const double* v) { return fmt::format("{}", *v); },
                                 [](const std::string* v) { return *v; },
                                 [](const Choice& v) { return v.get(); }},
                      field.value);
}

std::string placeholder_of(const Field& field) {
    if (!field.placeholder.empty()) return field.placeholder;
    return std::visit(
        Overloaded{[](const bool*) { return std::string("true|false"); },
                   [](const std::int64_t*) { return std::string("N"); },
                   [](const double*) { return std::string("X"); },
                   [](const std::string*) { return std::string("TEXT"); },
                   [](const Choice& v) { return fmt::format("{}", fmt::join(v.words, "|")); }},
        field.value);
}

void set_from_text(const Field& field, std::string_view text, std::string_view where) {
    std::visit(
        Overloaded{[&](bool* v) {
                       if (text != "true" && text != "false")
                           fail(ErrorCode::invalid_argument,
                                "{}: found '{}', expected true or false", where, text);
                       *v = text == "true";
                   },
                   [&](std::int64_t* v) {
                       *v = parse_number<std::int64_t>(text, field, where, "a whole number");
                   },
                   [&](double* v) { *v = parse_number<double>(text, field, where, "a number"); },
                   [&](std::string* v) { *v = text; },
                   [&](const Choice& v) {
                       const std::string word(text);
                       if (std::find(v.words.begin(), v.words.end(), word) == v.words.end())
                           fail(ErrorCode::invalid_argument, "{}: found '{}', expected one of {}",
                                where, text, fmt::join(v.words, ", "));
                       v.set(word);
                   }},
        field.value);
}

nlohmann::ordered_json to_json(const Fields& fields) {
    auto object = nlohmann::ordered_json::object();
    for (const Field& field : fields)
        std::visit(Overloaded{[&](const Choice& v) { object[field.name] = v.get(); },
                              [&](const auto* v) { object[field.name] = *v; }},
                   field.value);
    return object;
}

void from_json(const Fields& fields, const nlohmann::ordered_json& object, std::string_view where) {
    for (const Field& field : fields) {
        const auto found = object.find(field.name);
        if (found == object.end()) continue;
        const auto place = fmt::format("{}: {}", where, field.name);
        const bool fits =
            std::visit(Overloaded{[&](bool*) { return found->is_boolean(); },
                                  [&](std::int64_t*) { return found->is_number_integer(); },
                                  [&](double*) { return found->is_number(); },
                                  [&](const auto&) { return found->is_string(); }},
                       field.value);
        if (!fits)
            fail(ErrorCode::corrupt_file, "{}: found {}, expected {}", place, found->dump(),
                 placeholder_of(field));
        try {
            set_from_text(field, found->is_string() ? found->get<std::string>() : found->dump(),
                          place);
        } catch (const Error& error) {
            throw Error(ErrorCode::corrupt_file, error.what());
        }
    }
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string& candidate : known) {
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= word.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j < row.size(); ++j) {
                const std::size_t above = row[j];
                row[j] = std::min({above + 1, row[j - 1] + 1,
                                   diagonal + (word[i - 1] == candidate[j - 1] ? 0u : 1u)});
                diagonal = above;
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

}  // namespace unet
