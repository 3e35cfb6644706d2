#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "unet/annotation/annotation.h"

namespace unet {

// Reading annotation files of JSON: every error says where, what was found and what was expected.

using Json = nlohmann::json;

/// The bytes of a file by parse_json(). Throws Error(corrupt_file) for what is no JSON (with the
/// place).
Json json_of(std::span<const std::byte> bytes, const std::string& where);

/// The entry `key` of an object. Throws Error(corrupt_file) if it is not there.
const Json& entry_of(const Json& object, const char* key, const std::string& where);
/// The same, null if it is not there.
const Json& entry_or_null(const Json& object, const char* key, const std::string& where);
/// The entry as a list, empty for null. Throws Error(corrupt_file) if it is not there or is none.
const Json& list_of(const Json& object, const char* key, const std::string& where);
/// The entry as text or as the text of a number; empty where there is none or it is null.
std::string text_of(const Json& object, const char* key);
/// A whole number from `least` on, also as a float, a text or true and false; `standard` where
/// there is none or it is null.
std::int64_t whole_of(const Json& object, const char* key, std::int64_t least,
                      std::int64_t standard, const std::string& where);
/// The same of a value itself.
std::int64_t whole_number_of(const Json& value, std::int64_t least, const std::string& where);
/// [x, y], more numbers are passed over. Throws Error(corrupt_file).
PlacePoint point_of(const Json& pair, const std::string& where);
/// A number of pixels, also as a text; NaN for null, which stands for NaN and infinities. Throws
/// Error(corrupt_file) for another thing and for an absurd one.
double coordinate_of(const Json& value, const std::string& where);

}  // namespace unet
