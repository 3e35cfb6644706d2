#include "unet/core/atomic_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/file.h"
#include "unet/core/temporary_name.h"

namespace unet {

namespace fs = std::filesystem;

AtomicFolder::AtomicFolder(fs::path target)
    : target_(target.has_filename() ? std::move(target) : target.parent_path()),  // DIR/
      temporary_(temporary_name(target_)) {
    create_folder(temporary_);
}

AtomicFolder::~AtomicFolder() {
    std::error_code error;
    fs::remove_all(temporary_, error);
}

void AtomicFolder::commit() {
    const auto refuse = [&] {
        fail(ErrorCode::io, "cannot write '{}': {}", target_.string(),
             std::error_code(errno, std::generic_category()).message());
    };
    if (fs::exists(target_) && !fs::is_directory(target_))
        fail(ErrorCode::io, "cannot write '{}': a file of that name is in the way",
             target_.string());
    // All files at once: syncing each of thousands would take longer than writing them.
    const int folder = ::open(temporary_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) refuse();
    const bool synced = ::syncfs(folder) == 0;
    const int why_not = errno;
    ::close(folder);
    errno = why_not;
    if (!synced) refuse();
    if (!fs::exists(target_)) {
        if (std::rename(temporary_.c_str(), target_.c_str()) != 0) refuse();
        return;
    }
    // A folder that is not empty cannot be renamed over: both names change places at once, and the
    // old content goes with the temporary name.
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0)
        return;
    if (errno != EINVAL && errno != ENOSYS) refuse();
    // File systems without that (NFS): the old one steps aside and is there until the new one is.
    auto old = temporary_;
    old += ".old";
    if (std::rename(target_.c_str(), old.c_str()) != 0) refuse();
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) {
        const int why = errno;
        static_cast<void>(std::rename(old.c_str(), target_.c_str()));
        errno = why;
        refuse();
    }
    temporary_ = old;
}

AtomicFolder new_folder(const fs::path& target, std::string_view flag) {
    std::error_code error;
    if (fs::exists(target, error) &&
        !(fs::is_directory(target, error) && fs::is_empty(target, error)))
        fail(ErrorCode::invalid_argument, "{} {}: is there already, expected a new folder", flag,
             target.string());
    return AtomicFolder(target);
}

}  // namespace unet
