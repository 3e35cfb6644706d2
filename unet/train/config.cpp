#include "unet/train/config.h"

#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <sstream>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/unicode.h"

namespace unet {
namespace {

std::string place_of(const std::string& where, const toml::source_region& source) {
    return fmt::format("{}: line {}", where, source.begin.line);
}

/// ", did you mean ...?" from the keys of all sections, or what there is.
std::string suggestion(const std::vector<Section>& sections, const Section& home,
                       const std::string& key) {
    std::vector<std::string> own, all;
    for (const Field& field : home.fields) own.push_back(field.name);
    if (const auto near = nearest_word(key, own); !near.empty())
        return fmt::format("did you mean '{}'?", near);
    for (const Section& section : sections)
        for (const Field& field : section.fields) all.push_back(field.name);
    const auto near = nearest_word(key, all);
    for (const Section& section : sections)
        for (const Field& field : section.fields)
            if (field.name == near)
                return fmt::format("did you mean '{}' of [{}]?", near, section.name);
    return fmt::format("expected one of {}", fmt::join(own, ", "));
}

void set_field(const Field& field, const toml::node& node, const std::string& place) {
    const auto found = [&] {
        std::ostringstream text;
        text.imbue(std::locale::classic());
        text << node.type();
        return text.str();
    };
    const bool wants_text = std::holds_alternative<std::string*>(field.value) ||
                            std::holds_alternative<Choice>(field.value);
    const bool wants_number = std::holds_alternative<double*>(field.value);
    if (wants_text && node.is_string())
        set_from_text(field, node.as_string()->get(), place);
    else if (std::holds_alternative<bool*>(field.value) && node.is_boolean())
        set_from_text(field, node.as_boolean()->get() ? "true" : "false", place);
    else if (!wants_text && !std::holds_alternative<bool*>(field.value) && node.is_integer())
        set_from_text(field, fmt::format("{}", node.as_integer()->get()), place);
    else if (wants_number && node.is_floating_point())
        set_from_text(field, fmt::format("{}", node.as_floating_point()->get()), place);
    else
        fail(ErrorCode::invalid_argument, "{}: found a value of type {}, expected {}", place,
             found(), placeholder_of(field));
}

void read_section(const std::vector<Section>& sections, const Section& section,
                  const toml::table& table, const std::string& where) {
    for (const auto& [key, node] : table) {
        const std::string name(key.str());
        const auto line = place_of(where, node.source());
        const Field* known = nullptr;
        for (const Field& field : section.fields)
            if (field.name == name) known = &field;
        if (!known)
            fail(ErrorCode::invalid_argument, "{}: unknown key '{}' in [{}]; {}", line, name,
                 section.name, suggestion(sections, section, name));
        set_field(*known, node, fmt::format("{}: {}", line, name));
    }
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += {'\\', c};
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        else
            result += c;
    }
    return result + '"';
}

}  // namespace

void read_config(const std::vector<Section>& sections, std::string_view text,
                 const std::string& where) {
    toml::table table;
    try {
        table = toml::parse(text);
    } catch (const toml::parse_error& error) {
        fail(ErrorCode::invalid_argument, "{}: not TOML: {}", place_of(where, error.source()),
             error.description());
    }
    std::vector<std::string> names;
    for (const Section& section : sections) names.push_back(section.name);
    for (const auto& [key, node] : table) {
        const std::string name(key.str());
        const auto line = place_of(where, node.source());
        const Section* known = nullptr;
        for (const Section& section : sections)
            if (section.name == name) known = &section;
        if (known && node.is_table()) {
            read_section(sections, *known, *node.as_table(), where);
            continue;
        }
        if (known)
            fail(ErrorCode::invalid_argument, "{}: '{}' is a section, expected [{}]", line, name,
                 name);
        if (!node.is_table())
            fail(ErrorCode::invalid_argument, "{}: the key '{}' stands outside of a section; {}",
                 line, name, suggestion(sections, {}, name));
        const auto near = nearest_word(name, names);
        fail(ErrorCode::invalid_argument, "{}: unknown section [{}]; {}", line, name,
             near.empty() ? fmt::format("expected one of {}", fmt::join(names, ", "))
                          : fmt::format("did you mean [{}]?", near));
    }
}

void read_config(const std::vector<Section>& sections, const std::filesystem::path& path) {
    read_config(sections, read_text_file(path), path.string());
}

std::string config_text(const std::vector<Section>& sections) {
    std::string text;
    for (const Section& section : sections) {
        text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section.name);
        for (const Field& field : section.fields) {
            const bool is_text = std::holds_alternative<std::string*>(field.value) ||
                                 std::holds_alternative<Choice>(field.value);
            const auto value = text_of(field);
            text += fmt::format("{} = {}  # {}\n", field.name,
                                is_text ? quoted(as_utf8(value)) : value, field.help);
        }
    }
    return text;
}

}  // namespace unet
