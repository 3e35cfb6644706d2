#include "terminal/streams.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "unet/unet.h"

namespace unet::cli {
namespace {

int fault = 0;  ///< the first error number of standard output

}  // namespace

void open_streams() { system::keep_streams(); }

void put_text(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size() && fault == 0) fault = errno;
}

void tell_text(std::string_view text) noexcept {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

std::string output_fault() {
    if (std::fflush(stdout) != 0 && fault == 0) fault = errno;
    return fault == 0 ? std::string() : std::strerror(fault);
}

}  // namespace unet::cli
