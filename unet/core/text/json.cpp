#include "unet/core/text/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "unet/core/text/mended_json.h"

namespace unet {
namespace {

using Json = nlohmann::json;

struct TooDeep {};

Json parsed(std::string_view text) {
    return Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest_json) throw TooDeep();
        return true;
    });
}

/// The sentence of an exception: "[json.exception.parse_error.101] parse error at line 1 ...".
std::string sentence_of(const nlohmann::json::exception& error) {
    const std::string text = error.what();
    const std::size_t begin = text.find("] ");
    return text.substr(begin == std::string::npos ? 0 : begin + 2);
}

}  // namespace

std::optional<Json> parse_json(std::string_view bytes, std::string* why, bool texts) {
    std::string reason;
    try {
        try {
            return parsed(bytes);
        } catch (const Json::exception&) {
            return parsed(mended_json(bytes, texts));
        }
    } catch (const Json::exception& error) {
        reason = sentence_of(error);
    } catch (const TooDeep&) {
        reason = fmt::format("it is nested in more than {} levels", deepest_json);
    }
    if (why) *why = reason;
    return {};
}

std::string json_text(const Json& value, int indent) {
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string json_text(const nlohmann::ordered_json& value, int indent) {
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace unet
