#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
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
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
    ErrorCode code() const noexcept { return code_; }

private:
    ErrorCode code_;
};

/// Throws Error with a formatted message. Say where, what was found, what was expected and what to
/// do: the reader has no debugger.
template <class... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> message, Args&&... args) {
    throw Error(code, fmt::format(message, std::forward<Args>(args)...));
}

}  // namespace unet
