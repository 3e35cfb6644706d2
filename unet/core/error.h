#pragma once

#include <fmt/format.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace unet {

/// What went wrong, in the terms of the person who can fix it.
/// The command line maps `invalid_argument` to exit status 2 where it was a flag, all else to 1.
enum class ErrorCode {
    invalid_argument,  ///< an option is out of range; the caller can correct it
    shape_mismatch,    ///< tensors or images do not fit each other
    unsupported,       ///< well formed, but this build or this machine cannot do it
    corrupt_file,      ///< a file's content breaks its own format
    io,                ///< the operating system refused to read or write
    memory,            ///< the work does not fit the memory it was given
    diverged,          ///< training met a number that is not finite
    cancelled,         ///< the caller's cancel callback said stop
};

/// The one exception type that leaves the library.
///
/// The library knows settings, not how a user gives them: a message names one by its name in Fields
/// (core/fields.h), in backquotes: "`max_ram` is 3 MB, expected at least 12 MB". Whoever shows the
/// message puts its own words there (with_settings_shown): a command line `--max-ram`, a page the
/// label of the field, Python the keyword. What else helps is named by its function in the same
/// way: "`check_data` on the same data tells where".
class Error : public std::runtime_error {
public:
    /// `setting`: the name in Fields of the setting that has to change; empty where none would
    /// help.
    Error(ErrorCode code, const std::string& message, std::string setting = {})
        : std::runtime_error(message), code_(code), setting_(std::move(setting)) {}
    ErrorCode code() const noexcept { return code_; }
    const std::string& setting() const noexcept { return setting_; }

private:
    ErrorCode code_;
    std::string setting_;
};

/// Throws Error with a formatted message. Say where, what was found, what was expected and what to
/// do: the reader has no debugger.
template <class... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> message, Args&&... args) {
    throw Error(code, fmt::format(message, std::forward<Args>(args)...));
}

/// The same about a setting, which Error::setting() then names.
template <class... Args>
[[noreturn]] void fail_setting(std::string setting, ErrorCode code,
                               fmt::format_string<Args...> message, Args&&... args) {
    throw Error(code, fmt::format(message, std::forward<Args>(args)...), std::move(setting));
}

/// `text` with every `name` of a setting or function in backquotes (small letters, digits and
/// underscores) replaced by what `shown` makes of it. Other text in backquotes stays.
std::string with_settings_shown(std::string_view text,
                                const std::function<std::string(std::string_view)>& shown);

}  // namespace unet
