#include "unet/annotation/json_file.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/core/text/json.h"

namespace unet {
namespace {

/// What was found, short enough for a message.
std::string shown(const Json& value) {
    const std::string text = json_text(value);
    return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

/// NaN for what is no number.
double number_of(const Json& value) {
    if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
    if (value.is_number()) return value.get<double>();
    double number = std::nan("");
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const char* end = text.data() + text.size();
        if (std::from_chars(text.data(), end, number).ptr != end) number = std::nan("");
    }
    return number;
}

}  // namespace

Json json_of(std::span<const std::byte> bytes, const std::string& where) {
    std::string why;
    auto value = parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, &why);
    if (!value)
        fail(ErrorCode::corrupt_file, "{}: found no JSON, expected a whole JSON file: {}", where,
             why);
    return std::move(*value);
}

const Json& entry_of(const Json& object, const char* key, const std::string& where) {
    if (!object.is_object())
        fail(ErrorCode::corrupt_file, "{}: found {}, expected an object with '{}'", where,
             shown(object), key);
    const auto found = object.find(key);
    if (found == object.end())
        fail(ErrorCode::corrupt_file, "{}: found no '{}', which is expected there", where, key);
    return *found;
}

const Json& entry_or_null(const Json& object, const char* key, const std::string& where) {
    static const Json null;
    return object.is_object() && !object.contains(key) ? null : entry_of(object, key, where);
}

const Json& list_of(const Json& object, const char* key, const std::string& where) {
    static const Json none = Json::array();
    const Json& entry = entry_of(object, key, where);
    if (entry.is_null()) return none;
    if (!entry.is_array())
        fail(ErrorCode::corrupt_file, "{}: {}: found {}, expected a list", where, key,
             shown(entry));
    return entry;
}

std::string text_of(const Json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return {};
    if (found->is_string()) return found->get<std::string>();
    if (!found->is_number()) return {};
    // 7.0 is the same id as 7.
    const double number = found->get<double>();
    const bool whole =
        found->is_number_float() && number == std::floor(number) && std::abs(number) <= 1e15;
    return whole ? fmt::format("{:.0f}", number) : found->dump();
}

std::int64_t whole_of(const Json& object, const char* key, std::int64_t least,
                      std::int64_t standard, const std::string& where) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end() || found->is_null()) return standard;
    return whole_number_of(*found, least, fmt::format("{}: {}", where, key));
}

std::int64_t whole_number_of(const Json& value, std::int64_t least, const std::string& where) {
    const double number = number_of(value);
    if (!(number >= static_cast<double>(least) && number <= 1e15 && number == std::floor(number)))
        fail(ErrorCode::corrupt_file, "{}: found {}, expected a whole number from {} on", where,
             shown(value), least);
    return static_cast<std::int64_t>(number);
}

PlacePoint point_of(const Json& pair, const std::string& where) {
    if (!pair.is_array() || pair.size() < 2)
        fail(ErrorCode::corrupt_file, "{}: found {}, expected a point [x, y]", where, shown(pair));
    return {coordinate_of(pair[1], where), coordinate_of(pair[0], where)};
}

double coordinate_of(const Json& value, const std::string& where) {
    if (value.is_null()) return std::nan("");
    const double number = value.is_boolean() ? std::nan("") : number_of(value);
    if (!(std::abs(number) <= most_coordinate))
        fail(ErrorCode::corrupt_file, "{}: found {}, expected a coordinate in pixels", where,
             shown(value));
    return number;
}

}  // namespace unet
