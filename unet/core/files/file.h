#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/system/files.h"

namespace unet {

/// The whole content of a file. Throws Error(io) naming the file and the system's reason, and
/// Error(io) for a folder; at most `limit` bytes are accepted.
std::vector<std::byte> read_file(const std::filesystem::path& path,
                                 std::size_t limit = std::size_t{1} << 36);
std::string read_text_file(const std::filesystem::path& path);

/// Adds `text` to the end of a file, which is made where there is none. Throws Error(io).
void append_to_file(const std::filesystem::path& path, std::string_view text);

/// A file that appears under its name only when it is complete: written beside it under a temporary
/// name, synced, renamed by commit(). Without commit() nothing is left behind.
class AtomicFile {
public:
    /// Throws Error(io) if the temporary file cannot be created.
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Where to write, for libraries that open files themselves.
    const std::filesystem::path& temporary() const noexcept { return temporary_; }
    /// Appends bytes. Throws Error(io) (disk full names the file and the reason).
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    /// The same at `offset` bytes from the file's begin; where write() appends does not change.
    void write_at(std::int64_t offset, std::span<const std::byte> bytes);
    /// Syncs and renames. Throws Error(io); the target is then as it was.
    void commit();

private:
    std::filesystem::path target_, temporary_;
    system::File file_;
    bool committed_ = false;
};

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Copies a file, or a folder with all in it. Throws Error(io) naming both; what is there is not
/// replaced.
void duplicate(const std::filesystem::path& from, const std::filesystem::path& to);

/// Creates a folder and its parents. Throws Error(io) if a file is in the way or it is refused.
void create_folder(const std::filesystem::path& path);

}  // namespace unet
