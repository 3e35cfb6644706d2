#include "unet/core/files/file.h"

#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/core/files/temporary_name.h"

namespace unet {

using system::File;
using system::Opening;

namespace {

[[noreturn]] void refuse(const char* what, const std::filesystem::path& path,
                         const std::error_code& why) {
    fail(ErrorCode::io, "cannot {} '{}': {}", what, path.string(), why.message());
}

/// std::filesystem::copy_file() calls a full disk an input/output error.
void copy_content(const std::filesystem::path& from, const std::filesystem::path& to,
                  std::error_code& error) {
    File source(from, Opening::read, error);
    if (error) return;
    const auto status = source.status(error);
    if (error) return;
    File target(to, Opening::create, error, status.permissions);
    std::vector<std::byte> part(std::size_t{1} << 20);
    while (!error) {
        const std::size_t count = source.read(part, error);
        if (error || count == 0) return;
        target.write(std::span(part).first(count), error);
    }
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t limit) {
    std::error_code error;
    File file(path, Opening::read, error);
    const auto status = error ? system::FileStatus{} : file.status(error);
    if (error) refuse("read", path, error);
    if (status.is_folder)
        fail(ErrorCode::io, "cannot read '{}': it is a folder, expected a file", path.string());
    if (static_cast<std::size_t>(status.bytes) > limit)
        fail(ErrorCode::io, "'{}' has {} bytes, more than the {} that are accepted here",
             path.string(), status.bytes, limit);
    std::vector<std::byte> bytes(status.bytes);
    bytes.resize(file.read(bytes, error));
    if (error) refuse("read", path, error);
    return bytes;
}

std::string read_text_file(const std::filesystem::path& path) {
    const auto bytes = read_file(path);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append_to_file(const std::filesystem::path& path, std::string_view text) {
    std::error_code error;
    File file(path, Opening::append, error);
    if (!error) file.write(std::as_bytes(std::span(text)), error);
    if (error) refuse("write", path, error);
}

AtomicFile::AtomicFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_name(target_)) {
    check_name_fits(target_);
    std::error_code error;
    file_ = File(temporary_, Opening::replace, error);
    if (!error) return;
    const auto folder = target_.parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder))
        fail(ErrorCode::io, "cannot write '{}': the folder '{}' does not exist", target_.string(),
             folder.string());
    refuse("write", target_, error);
}

AtomicFile::~AtomicFile() {
    file_.close();
    std::error_code ignored;
    if (!committed_) std::filesystem::remove(temporary_, ignored);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    std::error_code error;
    file_.write(bytes, error);
    if (error) refuse("write", target_, error);
}

void AtomicFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void AtomicFile::write_at(std::int64_t offset, std::span<const std::byte> bytes) {
    std::error_code error;
    file_.write_at(offset, bytes, error);
    if (error) refuse("write", target_, error);
}

void AtomicFile::commit() {
    std::error_code error;
    file_.sync(error);
    if (error) refuse("write", target_, error);
    if (std::filesystem::is_directory(target_))
        fail(ErrorCode::io, "cannot write '{}': a folder of that name is in the way",
             target_.string());
    system::replace(temporary_, target_, error);
    if (error) refuse("write", target_, error);
    committed_ = true;
    // The new name itself survives a power cut only after its folder is synced.
    system::sync_names(target_.has_parent_path() ? target_.parent_path() : ".");
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
    write_file_atomically(path, std::as_bytes(std::span(text)));
}

void duplicate(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (std::filesystem::is_directory(from)) {
        create_folder(to);
        for (const auto& entry : std::filesystem::directory_iterator(from))
            duplicate(entry.path(), to / entry.path().filename());
        return;
    }
    std::error_code error;
    copy_content(from, to, error);
    if (error)
        fail(ErrorCode::io, "cannot copy '{}' to '{}': {}", from.string(), to.string(),
             error.message());
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
