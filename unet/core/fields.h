#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace unet {

/// An enumeration seen as words.
struct Choice {
    std::vector<std::string> words;
    std::function<std::string()> get;
    std::function<void(const std::string&)> set;  ///< only called with one of `words`
};

/// One member of an options struct: its key in JSON and TOML (`base_channels`), its flag
/// (`--base-channels`), its help line and where its value lives. One table per struct serves
/// command line, config file, model file and `--help`, so they cannot drift apart.
struct Field {
    std::string name;
    std::string help;
    std::variant<bool*, std::int64_t*, double*, std::string*, Choice> value;
    double minimum = -1e300, maximum = 1e300;  ///< accepted range of numbers, inclusive
    std::string placeholder = {};  ///< of the value in --help, "DIR"; empty: as its type suggests
};

/// A field for free text: text("pages", "...", options.pages, "RANGE"). Words in small letters
/// among the choices of a placeholder are typed as they stand: "image|dataset|LOW:HIGH".
inline Field text(std::string name, std::string help, std::string& value, std::string placeholder) {
    Field field{std::move(name), std::move(help), &value};
    field.placeholder = std::move(placeholder);
    return field;
}

/// A field for an enumeration: choice("padding", "...", options.padding, {{"valid",
/// Padding::valid}}).
template <class Enum>
Field choice(std::string name, std::string help, Enum& value,
             std::vector<std::pair<std::string, Enum>> words) {
    Choice result;
    for (const auto& word : words) result.words.push_back(word.first);
    result.get = [&value, words] {
        for (const auto& [word, entry] : words)
            if (entry == value) return word;
        return std::string("?");
    };
    result.set = [&value, words](const std::string& text) {
        for (const auto& [word, entry] : words)
            if (word == text) value = entry;
    };
    return {std::move(name), std::move(help), std::move(result)};
}

using Fields = std::vector<Field>;

/// The value as one would type it.
std::string text_of(const Field& field);
/// "N", "X", "RANGE" or "valid|same": what --help shows.
std::string placeholder_of(const Field& field);
/// Sets a field from typed text. `where` begins the message: "--levels", "config.toml: levels".
/// Throws Error(invalid_argument) saying what was found and what is accepted.
void set_from_text(const Field& field, std::string_view text, std::string_view where);

/// All fields as one JSON object, in order.
nlohmann::ordered_json to_json(const Fields& fields);
/// Sets the fields that `object` has; others keep their values. Throws Error(corrupt_file) for a
/// value of the wrong type or range, naming `where`. Unknown keys are left alone.
void from_json(const Fields& fields, const nlohmann::ordered_json& object, std::string_view where);

/// The entry of `known` that is nearest to `word` by edit distance, for "did you mean"; empty if
/// nothing is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace unet
