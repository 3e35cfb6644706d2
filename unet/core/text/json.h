#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace unet {

/// The value that a file of JSON holds. What is beside the point does not stop it, as programs
/// write such files: byte order marks, UTF-16, NaN and Infinity and numbers beyond double (null),
/// bytes that are not UTF-8 (Latin-1), control characters and lone surrogates in texts, comments,
/// commas before a closing bracket. Nothing for what is no JSON, is cut off, or is nested in more
/// than `deepest_json` levels; `why` then has the reason. With `texts` what is no number becomes
/// the text that Zarr has for it: "NaN", "Infinity", "-Infinity".
std::optional<nlohmann::json> parse_json(std::string_view bytes, std::string* why = nullptr,
                                         bool texts = false);

/// Copying and showing a value go down its levels on the stack.
inline constexpr int deepest_json = 100;

/// As text, in UTF-8 whatever its strings hold: U+FFFD stands for other bytes. `indent` as of
/// nlohmann's dump().
std::string json_text(const nlohmann::json& value, int indent = -1);
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace unet
