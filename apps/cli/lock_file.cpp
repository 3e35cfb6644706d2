#include "lock_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <utility>

#include "unet/unet.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;

/// Bytes of the file, each locked on its own.
enum Purpose : off_t { at_work, writing, turn };

/// `type`: F_RDLCK beside others, F_WRLCK alone, F_UNLCK. False with errno.
bool lock(int descriptor, Purpose purpose, short type, bool wait) {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = purpose;
    range.l_len = 1;
    for (;;) {
        if (::fcntl(descriptor, wait ? F_OFD_SETLKW : F_OFD_SETLK, &range) == 0) return true;
        if (errno != EINTR) return false;
    }
}

}  // namespace

LockFile::LockFile(fs::path folder) : folder_(std::move(folder)) {
    for (;;) {
        open();
        locks_ = lock(descriptor_, at_work, F_RDLCK, true);
        // Who was the last before may have removed it meanwhile.
        if (!locks_ || is_there()) return;
        ::close(descriptor_);
    }
}

LockFile::~LockFile() {
    std::error_code error;
    if (told_) fs::remove(folder_ / "writer", error);
    if (descriptor_ >= 0) ::close(descriptor_);
}

void LockFile::open() {
    constexpr int tries = 100;  // others may be removing the folder
    for (int i = 0; i < tries; ++i) {
        std::error_code error;
        fs::create_directories(folder_, error);
        descriptor_ = ::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor_ >= 0) return;
        if (errno != ENOENT) break;
    }
    const std::string why = std::error_code(errno, std::generic_category()).message();
    create_folder(folder_);  // says what is in the way
    fail(ErrorCode::io, "cannot write '{}': {}", (folder_ / "lock").string(), why);
}

bool LockFile::is_there() const {
    struct stat held {};
    struct stat named {};
    return ::fstat(descriptor_, &held) == 0 && ::stat((folder_ / "lock").c_str(), &named) == 0 &&
           held.st_ino == named.st_ino;
}

void LockFile::in_turn(const std::function<void()>& work) const {
    lock(descriptor_, turn, F_WRLCK, true);
    try {
        work();
    } catch (...) {
        lock(descriptor_, turn, F_UNLCK, false);
        throw;
    }
    lock(descriptor_, turn, F_UNLCK, false);
}

std::string LockFile::write() {
    if (!locks_) return write_by_file();
    return lock(descriptor_, writing, F_WRLCK, false) ? "" : "another share";
}

std::string LockFile::write_by_file() {
    const fs::path path = folder_ / "writer";
    for (;;) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0) {
            ::close(file);
            told_ = true;
            write_file_atomically(path, fmt::format("{} {}\n", ::getpid(), machine_name()));
            return "";
        }
        if (errno != EEXIST)
            fail(ErrorCode::io, "cannot write '{}': {}", path.string(),
                 std::error_code(errno, std::generic_category()).message());
        std::istringstream text(read_text_file(path));
        int process = 0;
        std::string machine = "unknown";
        text >> process >> machine;
        if (machine != machine_name() || process <= 0 || !has_ended(process))
            return fmt::format(
                "process {} of machine {} (if it has ended, remove {} and run this "
                "share again)",
                process, machine, path.string());
        std::error_code error;
        if (!fs::remove(path, error) && error)
            fail(ErrorCode::io, "cannot remove '{}': {}", path.string(), error.message());
    }
}

bool LockFile::leave() const {
    if (descriptor_ < 0) return false;
    if (!locks_) return true;
    // In this order: of several that leave at once none takes the others for being at work.
    lock(descriptor_, at_work, F_UNLCK, false);
    return lock(descriptor_, at_work, F_WRLCK, false);
}

void LockFile::remove() {
    std::error_code error;
    // NFS keeps a file that is open under another name: the folder is empty when it is closed.
    for (const auto& entry : fs::directory_iterator(folder_, error))
        if (entry.path().filename() != "lock") fs::remove_all(entry.path(), error);
    fs::remove(folder_ / "lock", error);
    ::close(std::exchange(descriptor_, -1));
    fs::remove(folder_, error);
    told_ = false;
}

}  // namespace unet::cli
