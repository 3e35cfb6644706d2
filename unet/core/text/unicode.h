#pragma once

#include <string>
#include <string_view>

namespace unet {

// Texts of other programs and names of files, whose bytes need not be UTF-8.

/// `text` with U+FFFD for each byte that is not UTF-8: for answers, tables and JSON, which are
/// UTF-8 whatever the names in them are.
std::string as_utf8(std::string_view text);

/// The same with such bytes taken for Latin-1, so that texts which differ stay apart.
std::string from_latin1(std::string_view text);

/// The UTF-8 text of a file: without a byte order mark, from UTF-16 where it is that (by its mark,
/// or by zeros in the place of every other of its first two bytes). Other bytes stay as they are.
std::string without_mark(std::string_view bytes);

/// Equal for names that look the same: composed and decomposed letters (NFC), in UTF-8 or Latin-1.
std::string comparable_name(std::string_view name);

}  // namespace unet
