#include "unet/core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/temporary_name.h"

namespace unet {
namespace {

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

struct Descriptor {
    int value;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
};

/// write() as often as it takes; false, with errno, where that fails.
bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

/// std::filesystem::copy_file() calls a full disk an input/output error. False, with errno.
bool copied(const std::filesystem::path& from, const std::filesystem::path& to) {
    const Descriptor source{::open(from.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (source.value < 0 || ::fstat(source.value, &status) != 0) return false;
    const Descriptor target{
        ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0777)};
    if (target.value < 0) return false;
    std::vector<std::byte> part(std::size_t{1} << 20);
    for (;;) {
        const ssize_t count = ::read(source.value, part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count == 0;
        if (!write_all(target.value, std::span(part).first(static_cast<std::size_t>(count))))
            return false;
    }
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t limit) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.value < 0) fail(ErrorCode::io, "cannot read '{}': {}", path.string(), reason());
    struct stat status {};
    if (::fstat(file.value, &status) != 0)
        fail(ErrorCode::io, "cannot read '{}': {}", path.string(), reason());
    if (S_ISDIR(status.st_mode))
        fail(ErrorCode::io, "cannot read '{}': it is a folder, expected a file", path.string());
    if (static_cast<std::size_t>(status.st_size) > limit)
        fail(ErrorCode::io, "'{}' has {} bytes, more than the {} that are accepted here",
             path.string(), status.st_size, limit);
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::read(file.value, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(ErrorCode::io, "cannot read '{}': {}", path.string(), reason());
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

std::string read_text_file(const std::filesystem::path& path) {
    const auto bytes = read_file(path);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

AtomicFile::AtomicFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_name(target_)) {
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
        const auto why = reason();
        const auto folder = target_.parent_path();
        fail(ErrorCode::io, "cannot write '{}': {}", target_.string(),
             !folder.empty() && !std::filesystem::exists(folder)
                 ? fmt::format("the folder '{}' does not exist", folder.string())
                 : why);
    }
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    if (!write_all(descriptor_, bytes))
        fail(ErrorCode::io, "cannot write '{}': {}", target_.string(), reason());
}

void AtomicFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void AtomicFile::write_at(std::int64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(ErrorCode::io, "cannot write '{}': {}", target_.string(), reason());
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += count;
    }
}

void AtomicFile::commit() {
    if (::fsync(descriptor_) != 0)
        fail(ErrorCode::io, "cannot write '{}': {}", target_.string(), reason());
    if (std::filesystem::is_directory(target_))
        fail(ErrorCode::io, "cannot write '{}': a folder of that name is in the way",
             target_.string());
    if (::rename(temporary_.c_str(), target_.c_str()) != 0)
        fail(ErrorCode::io, "cannot write '{}': {}", target_.string(), reason());
    committed_ = true;
    // The rename itself survives a power cut only after its folder is synced.
    const auto folder = target_.has_parent_path() ? target_.parent_path() : ".";
    const Descriptor parent{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (parent.value >= 0) ::fsync(parent.value);
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
    write_file_atomically(path, std::as_bytes(std::span(text)));
}

void start_writing_back(const std::filesystem::path& path) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    constexpr off_t whole = 0;
    if (file.value >= 0) ::sync_file_range(file.value, 0, whole, SYNC_FILE_RANGE_WRITE);
}

void duplicate(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (std::filesystem::is_directory(from)) {
        create_folder(to);
        for (const auto& entry : std::filesystem::directory_iterator(from))
            duplicate(entry.path(), to / entry.path().filename());
    } else if (!copied(from, to)) {
        fail(ErrorCode::io, "cannot copy '{}' to '{}': {}", from.string(), to.string(), reason());
    }
}

void create_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (std::filesystem::is_directory(path)) return;
    if (std::filesystem::exists(path))
        fail(ErrorCode::io, "cannot create the folder '{}': a file of that name is in the way",
             path.string());
    fail(ErrorCode::io, "cannot create the folder '{}': {}", path.string(), error.message());
}

}  // namespace unet
