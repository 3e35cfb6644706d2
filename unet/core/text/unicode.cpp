#include "unet/core/text/unicode.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace unet {
namespace {

void append(std::string& text, std::int32_t code) {
    utf8proc_uint8_t bytes[4];
    const auto count = utf8proc_encode_char(code, bytes);
    text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

/// With `instead`(byte) for each byte that belongs to no character.
template <class Instead>
std::string mended(std::string_view text, Instead instead) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        std::int32_t code = 0;
        const auto* byte = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
        const auto count =
            utf8proc_iterate(byte, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
        if (count > 0)
            result.append(text.substr(at, static_cast<std::size_t>(count)));
        else
            append(result, instead(*byte));
        at += count > 0 ? static_cast<std::size_t>(count) : 1;
    }
    return result;
}

constexpr std::int32_t replacement = 0xFFFD;

std::string from_utf16(std::string_view bytes, bool big_endian) {
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const auto second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<std::int32_t>(big_endian ? first << 8 | second : second << 8 | first);
    };
    std::string text;
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        std::int32_t code = unit(at);
        const std::int32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
        if (code >= 0xD800 && code < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        } else if (code >= 0xD800 && code < 0xE000) {
            code = replacement;
        }
        append(text, code);
    }
    return text;
}

}  // namespace

std::string as_utf8(std::string_view text) {
    return mended(text, [](std::int32_t) { return replacement; });
}

std::string from_latin1(std::string_view text) {
    return mended(text, [](std::int32_t byte) { return byte; });
}

std::string without_mark(std::string_view bytes) {
    const std::string_view two = bytes.substr(0, 2);
    if (two == "\xFF\xFE") return from_utf16(bytes.substr(2), false);
    if (two == "\xFE\xFF") return from_utf16(bytes.substr(2), true);
    if (two.size() == 2 && (two[0] == '\0') != (two[1] == '\0'))
        return from_utf16(bytes, two[0] == '\0');
    return std::string(bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes);
}

std::string comparable_name(std::string_view name) {
    const std::string text = from_latin1(name);
    utf8proc_uint8_t* composed = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const auto count = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()), &composed, options);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> memory(composed, std::free);
    if (count < 0) return text;
    return {reinterpret_cast<const char*>(composed), static_cast<std::size_t>(count)};
}

}  // namespace unet
