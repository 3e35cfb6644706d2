#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace unet::cli {

/// Before anything is told: a reader that goes away ends the program no longer, and a stream that
/// is closed stays closed, whatever files are opened.
void open_streams();

/// Writes on standard output: what was asked for. A write that fails never stops the work;
/// output_fault() tells of it after the work.
void put_text(std::string_view text);
template <typename... Values>
void put(fmt::format_string<Values...> format, Values&&... values) {
    put_text(fmt::vformat(format, fmt::make_format_args(values...)));
}

/// Writes on standard error: how far the work is, notes, errors. What cannot be written is lost: a
/// training has it in its log, and the exit status says whether all went well.
void tell_text(std::string_view text) noexcept;
template <typename... Values>
void tell(fmt::format_string<Values...> format, Values&&... values) {
    tell_text(fmt::vformat(format, fmt::make_format_args(values...)));
}

/// Why standard output did not take all that was put there, what is still buffered included; empty
/// where it did.
std::string output_fault();

}  // namespace unet::cli
