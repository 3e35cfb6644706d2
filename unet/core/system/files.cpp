#include "unet/core/system/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace unet::system {

namespace fs = std::filesystem;

namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

int flags_of(Opening opening) {
    switch (opening) {
        case Opening::replace:
            return O_WRONLY | O_CREAT | O_TRUNC;
        case Opening::create:
            return O_WRONLY | O_CREAT | O_EXCL;
        case Opening::append:
            return O_WRONLY | O_CREAT | O_APPEND;
        case Opening::update:
            return O_RDWR | O_CREAT;
        case Opening::read:
            break;
    }
    return O_RDONLY;
}

/// Calls `part(bytes done so far)` until all is done or nothing more comes; what was done.
template <class Part>
std::size_t in_parts(std::size_t bytes, std::error_code& error, Part part) {
    error.clear();
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t count = part(done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) error = last_error();
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

/// The same where all has to be done.
template <class Part>
void in_all_parts(std::size_t bytes, std::error_code& error, Part part) {
    if (in_parts(bytes, error, part) < bytes && !error)
        error = std::make_error_code(std::errc::io_error);
}

int descriptor(std::intptr_t handle) { return static_cast<int>(handle); }

void check(int result, std::error_code& error) {
    error = result == 0 ? std::error_code() : last_error();
}

}  // namespace

File::File(const fs::path& path, Opening opening, std::error_code& error, unsigned permissions)
    : handle_(::open(path.c_str(), flags_of(opening) | O_CLOEXEC, permissions)) {
    error = is_open() ? std::error_code() : last_error();
}

File File::nameless(const fs::path& folder, std::error_code& error) {
    File file;
    error.clear();
    file.handle_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (!file.is_open()) {  // file systems without: a file that loses its name at once
        std::string name = (folder / "scratch.XXXXXX").string();
        file.handle_ = ::mkostemp(name.data(), O_CLOEXEC);
        error = file.is_open() ? std::error_code() : last_error();
        if (file.is_open()) ::unlink(name.c_str());
    }
    return file;
}

void File::close() noexcept {
    if (is_open()) ::close(descriptor(std::exchange(handle_, none)));
}

FileStatus File::status(std::error_code& error) const {
    struct stat status {};
    check(::fstat(descriptor(handle_), &status), error);
    return {status.st_size, S_ISDIR(status.st_mode), status.st_mode & 0777, status.st_ino};
}

std::size_t File::read(std::span<std::byte> bytes, std::error_code& error) {
    return in_parts(bytes.size(), error, [&](std::size_t done) {
        return ::read(descriptor(handle_), bytes.data() + done, bytes.size() - done);
    });
}

std::size_t File::read_at(std::int64_t offset, std::span<std::byte> bytes,
                          std::error_code& error) const {
    return in_parts(bytes.size(), error, [&](std::size_t done) {
        return ::pread(descriptor(handle_), bytes.data() + done, bytes.size() - done,
                       offset + static_cast<off_t>(done));
    });
}

void File::write(std::span<const std::byte> bytes, std::error_code& error) {
    in_all_parts(bytes.size(), error, [&](std::size_t done) {
        return ::write(descriptor(handle_), bytes.data() + done, bytes.size() - done);
    });
}

void File::write_at(std::int64_t offset, std::span<const std::byte> bytes,
                    std::error_code& error) const {
    in_all_parts(bytes.size(), error, [&](std::size_t done) {
        return ::pwrite(descriptor(handle_), bytes.data() + done, bytes.size() - done,
                        offset + static_cast<off_t>(done));
    });
}

void File::reserve(std::int64_t bytes, std::error_code& error) const {
    error = {::posix_fallocate(descriptor(handle_), 0, bytes), std::generic_category()};
}

void File::sync(std::error_code& error) const { check(::fsync(descriptor(handle_)), error); }

std::uint64_t node_of(const fs::path& path) noexcept {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

void replace(const fs::path& from, const fs::path& to, std::error_code& error) {
    check(std::rename(from.c_str(), to.c_str()), error);
}

void exchange(const fs::path& a, const fs::path& b, std::error_code& error) {
    check(::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE), error);
    if (error == std::errc::invalid_argument || error == std::errc::function_not_supported)
        error = std::make_error_code(std::errc::not_supported);
}

void sync_names(const fs::path& folder) noexcept {
    std::error_code error;
    const File file(folder, Opening::read, error);
    if (file.is_open()) file.sync(error);
}

void sync_content(const fs::path& folder, std::error_code& error) {
    // All at once: syncing each of thousands of files would take longer than writing them.
    const File file(folder, Opening::read, error);
    if (file.is_open()) check(::syncfs(descriptor(file.handle())), error);
}

void start_writing_back(const fs::path& path) noexcept {
    std::error_code error;
    const File file(path, Opening::read, error);
    constexpr off_t whole = 0;
    if (file.is_open())
        ::sync_file_range(descriptor(file.handle()), 0, whole, SYNC_FILE_RANGE_WRITE);
}

}  // namespace unet::system
