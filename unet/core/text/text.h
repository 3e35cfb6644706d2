#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace unet {

/// What stands between separators, empty pieces too: "a,,b" has three, "" has one.
std::vector<std::string_view> split(std::string_view text, char separator);

/// What stands between any of `separators`, without empty pieces.
std::vector<std::string_view> split_words(std::string_view text, std::string_view separators);

/// Lines without "\n" or "\r\n", or where there is no "\n" without "\r"; an end of the last line
/// begins none behind it.
std::vector<std::string_view> split_lines(std::string_view text);

/// Without the spaces and tabs around it.
std::string_view trim(std::string_view text);

/// Letters of ASCII only.
std::string lower_case(std::string_view text);

/// True where something stands before `ending` too: ".tif" is a name without an ending.
bool ends_in(std::string_view name, std::string_view ending);

/// A field of a line of CSV as RFC 4180 has it: between quotes where it holds commas, quotes or
/// ends of lines.
std::string csv_cell(std::string_view text);

/// The same, always between quotes.
std::string csv_quoted(std::string_view text);

/// Fields of a line of CSV; a doubled quote inside quotes is a quote.
std::vector<std::string> csv_fields(std::string_view line, char separator);

}  // namespace unet
