#include "unet/core/system/process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "unet/core/text/text.h"

namespace unet::system {

std::string machine_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

int process_id() noexcept { return ::getpid(); }

bool has_ended(int process) noexcept { return ::kill(process, 0) != 0 && errno == ESRCH; }

std::filesystem::path program_file() {
    std::error_code error;
    std::filesystem::path file = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) return file;
    const std::filesystem::path called = program_invocation_name;
    if (called.has_parent_path()) return std::filesystem::canonical(called, error);
    const char* places = std::getenv("PATH");
    for (const std::string_view place : split(places ? places : "", ':'))
        if (file = std::filesystem::canonical(place / called, error); !error) return file;
    return {};
}

void keep_streams() noexcept {
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a file as large as files may be
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
        // The lowest free number is taken: that of this stream. Opened so that it cannot be used.
        if (::fcntl(stream, F_GETFD) == -1 &&
            ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
            return;
}

bool is_terminal(std::FILE* stream) noexcept { return ::isatty(::fileno(stream)) == 1; }

}  // namespace unet::system
