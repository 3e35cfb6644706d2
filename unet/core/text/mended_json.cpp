#include "unet/core/text/mended_json.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"

namespace unet {
namespace {

/// What a number is that is none: NaN, -Infinity, inf, nan(ind), 1.#INF, -1.#IND, 1.#QNAN, as C,
/// Java, Python and Windows write it; 1e999 too. Empty for a number.
std::string_view no_number(std::string_view word) {
    const bool negative = word.starts_with('-');
    const std::string_view infinite = negative ? "-Infinity" : "Infinity";
    double value = 0.0;
    const char* end = word.data() + word.size();
    if (const auto [rest, error] = std::from_chars(word.data(), end, value);
        error == std::errc::result_out_of_range && rest == end)
        return std::isinf(std::strtod(std::string(word).c_str(), nullptr)) ? infinite : "";
    if (negative || word.starts_with('+')) word.remove_prefix(1);
    const std::string name = lower_case(word);
    if (name == "inf" || name == "infinity" || name.starts_with("1.#inf")) return infinite;
    for (const std::string_view begin : {"nan(", "1.#ind", "1.#qnan", "1.#snan"})
        if (name.starts_with(begin)) return "NaN";
    return name == "nan" ? "NaN" : "";
}

bool is_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("+-.#_()").find(c) != std::string_view::npos;
}

class Mending {
public:
    Mending(std::string_view text, bool texts) : text_(text), texts_(texts) {}

    std::string run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"')
                string();
            else if (c == '/')
                comment();
            else if (is_of_word(c))
                word();
            else
                mark(c);
        }
        return std::move(result_);
    }

private:
    bool follows(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    /// Brackets, commas, colons and blanks.
    void mark(char c) {
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if ((c == ']' || c == '}') && comma_) result_[*comma_] = ' ';
        if (!blank) comma_.reset();
        if (c == ',' && after_value_) comma_ = result_.size();
        if (!blank) after_value_ = c == ']' || c == '}';
        result_ += c;
        ++at_;
    }

    void comment() {
        std::size_t end = std::string_view::npos;
        if (follows("//"))
            end = text_.find('\n', at_);
        else if (follows("/*") && (end = text_.find("*/", at_ + 2)) != std::string_view::npos)
            end += 2;
        else
            return mark('/');
        at_ = std::min(end, text_.size());
    }

    void word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_of_word(text_[at_])) ++at_;
        const std::string_view found = text_.substr(begin, at_ - begin);
        const std::string_view none = no_number(found);
        if (none.empty())
            result_ += found;
        else
            result_ += texts_ ? fmt::format("\"{}\"", none) : "null";
        value();
    }

    void value() {
        comma_.reset();
        after_value_ = true;
    }

    void string() {
        value();
        result_ += '"';
        for (++at_; at_ < text_.size() && text_[at_] != '"';) {
            const char c = text_[at_];
            if (c == '\\') {
                escape();
                continue;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                result_ += fmt::format("\\u{:04x}", static_cast<int>(c));
            else
                result_ += c;
            ++at_;
        }
        if (at_ == text_.size()) return;  // cut off, and stays so
        result_ += '"';
        ++at_;
    }

    /// The number behind "\u" at `at`.
    std::optional<unsigned> code_at(std::size_t at) const {
        if (text_.substr(at, 2) != "\\u" || at + 6 > text_.size()) return {};
        unsigned code = 0;
        const char* begin = text_.data() + at + 2;
        const auto [rest, error] = std::from_chars(begin, begin + 4, code, 16);
        return error == std::errc() && rest == begin + 4 ? std::optional(code) : std::nullopt;
    }

    void escape() {
        const auto is_low = [](unsigned code) { return code >= 0xDC00 && code < 0xE000; };
        const auto take = [&](std::size_t count) {
            result_ += text_.substr(at_, count);
            at_ += count;
        };
        if (const auto code = code_at(at_)) {
            const auto next = code_at(at_ + 6);
            if (*code < 0xD800 || *code >= 0xE000) return take(6);
            if (!is_low(*code) && next && is_low(*next)) return take(12);
            // Python writes a byte that is not UTF-8 as U+DC80 .. U+DCFF.
            const bool byte = *code >= 0xDC80 && *code <= 0xDCFF;
            result_ += byte ? fmt::format("\\u{:04x}", *code & 0xFF) : "\\ufffd";
            at_ += 6;
            return;
        }
        const bool known =
            at_ + 1 < text_.size() &&
            std::string_view("\"\\/bfnrt").find(text_[at_ + 1]) != std::string_view::npos;
        if (known) return take(2);
        result_ += "\\\\";  // a path of Windows
        ++at_;
    }

    std::string_view text_;
    bool texts_;  ///< for what is no number
    std::size_t at_ = 0;
    std::string result_;
    std::optional<std::size_t> comma_;  ///< in the result, where only blanks follow it
    bool after_value_ = false;          ///< but for blanks
};

}  // namespace

std::string mended_json(std::string_view bytes, bool texts) {
    const std::string text = from_latin1(without_mark(bytes));
    return Mending(text, texts).run();
}

}  // namespace unet
