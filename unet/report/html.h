#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace unet {

/// Text from anywhere as text of an HTML page or of a quoted attribute: &, <, > and both quotes are
/// replaced, and so is, by U+FFFD, what is no UTF-8 or a control character other than a line's end
/// or a tabulator.
std::string escaped(std::string_view text);

/// RFC 4648, with padding.
std::string base64(std::span<const std::byte> bytes);

/// "1,234,567".
std::string grouped(std::int64_t number);

/// "1 object", "2 objects".
std::string counted(std::int64_t number, std::string_view noun);

}  // namespace unet
