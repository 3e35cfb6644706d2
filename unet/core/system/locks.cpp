#include "unet/core/system/locks.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

namespace unet::system {
namespace {

/// Open file description locks; false with errno.
bool set(const File& file, std::int64_t byte, short type, bool wait) noexcept {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = byte;
    range.l_len = 1;
    for (;;) {
        const int command = wait ? F_OFD_SETLKW : F_OFD_SETLK;
        if (::fcntl(static_cast<int>(file.handle()), command, &range) == 0) return true;
        if (errno != EINTR) return false;
    }
}

}  // namespace

bool lock(const File& file, std::int64_t byte, Lock kind, bool wait, std::error_code& error) {
    error.clear();
    if (set(file, byte, kind == Lock::shared ? F_RDLCK : F_WRLCK, wait)) return true;
    if (errno != EAGAIN && errno != EACCES) error = {errno, std::generic_category()};
    return false;
}

void unlock(const File& file, std::int64_t byte) noexcept { set(file, byte, F_UNLCK, false); }

}  // namespace unet::system
