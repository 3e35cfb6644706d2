#include "unet/annotation/json_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

/// What was found, short enough for a message.
std::string shown(const Json& value) {
    const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

}  // namespace

Json read_json(const std::filesystem::path& path) {
    constexpr std::size_t most_bytes = std::size_t{1} << 30;
    const auto bytes = read_file(path, most_bytes);
    // GeoJSON needs about ten levels; copying and showing a value go down them on the stack.
    constexpr int deepest = 100;
    const auto watch = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest)
            fail(ErrorCode::corrupt_file,
                 "{}: found no JSON of annotations: it is nested in more than {} levels",
                 path.string(), deepest);
        return true;
    };
    try {
        const auto* text = reinterpret_cast<const char*>(bytes.data());
        return Json::parse(text, text + bytes.size(), watch);
    } catch (const nlohmann::json::exception& error) {
        const std::string why = error.what();
        fail(ErrorCode::corrupt_file, "{}: found no JSON, expected a whole JSON file: {}",
             path.string(),
             why.substr(why.find("] ") == std::string::npos ? 0 : why.find("] ") + 2));
    }
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

const Json& list_of(const Json& object, const char* key, const std::string& where) {
    const Json& entry = entry_of(object, key, where);
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
    return found->is_number() ? found->dump() : std::string();
}

std::int64_t whole_of(const Json& object, const char* key, std::int64_t least,
                      std::int64_t standard, const std::string& where) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end() || found->is_null()) return standard;
    const double value = found->is_number() ? found->get<double>() : std::nan("");
    if (!(value >= static_cast<double>(least) && value <= 1e15 && value == std::floor(value)))
        fail(ErrorCode::corrupt_file, "{}: {}: found {}, expected a whole number from {} on", where,
             key, shown(*found), least);
    return static_cast<std::int64_t>(value);
}

PlacePoint point_of(const Json& pair, const std::string& where) {
    if (!pair.is_array() || pair.size() < 2)
        fail(ErrorCode::corrupt_file, "{}: found {}, expected a point [x, y]", where, shown(pair));
    return {coordinate_of(pair[1], where), coordinate_of(pair[0], where)};
}

double coordinate_of(const Json& value, const std::string& where) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!(std::abs(number) <= most_coordinate))
        fail(ErrorCode::corrupt_file, "{}: found {}, expected a coordinate in pixels", where,
             shown(value));
    return number;
}

}  // namespace unet
