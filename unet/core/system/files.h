#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>

/// What the operating system is asked. Nothing else in unet/ and apps/ calls it
/// (tests/architecture); another system needs another implementation of this folder only. Functions
/// that can fail say why in `error`, which they clear where they succeed.
namespace unet::system {

enum class Opening {
    read,     ///< a file that is there; of a folder, only status() may be asked
    replace,  ///< for writing; empty, made where there is none
    create,   ///< for writing; an error (file_exists) where something is there
    append,   ///< for writing, always at the end, made where there is none
    update,   ///< for reading and writing, made where there is none
};

struct FileStatus {
    std::int64_t bytes = 0;
    bool is_folder = false;
    unsigned permissions = 0;  ///< of POSIX, 0777 at most; 0666 where the system has others
    std::uint64_t node = 0;    ///< tells files of a file system apart, whatever their names
};

/// An open file, which is closed when this goes. While it is open others may read, write, rename
/// and remove it (Windows: FILE_SHARE_READ, WRITE and DELETE), and programs that this one starts do
/// not have it. Bytes are those of the file: no ends of lines are changed.
class File {
public:
    File() = default;
    File(const std::filesystem::path& path, Opening opening, std::error_code& error,
         unsigned permissions = 0666);
    /// A file of no name in `folder`, for reading and writing, which the system takes away however
    /// the program ends.
    static File nameless(const std::filesystem::path& folder, std::error_code& error);
    File(File&& other) noexcept : handle_(std::exchange(other.handle_, none)) {}
    File& operator=(File&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~File() { close(); }

    bool is_open() const noexcept { return handle_ != none; }
    void close() noexcept;
    FileStatus status(std::error_code& error) const;

    /// Fills `bytes` from where reading ended before; fewer where the file ends.
    std::size_t read(std::span<std::byte> bytes, std::error_code& error);
    /// The same from `offset` on; from any thread.
    std::size_t read_at(std::int64_t offset, std::span<std::byte> bytes,
                        std::error_code& error) const;
    /// All of `bytes`, where writing ended before.
    void write(std::span<const std::byte> bytes, std::error_code& error);
    /// All of them at `offset`; from any thread. Where write() goes on does not change.
    void write_at(std::int64_t offset, std::span<const std::byte> bytes,
                  std::error_code& error) const;
    /// Makes the file `bytes` long, with its place on the disk.
    void reserve(std::int64_t bytes, std::error_code& error) const;
    /// Waits until all is on the disk.
    void sync(std::error_code& error) const;

    /// What the locks of system/locks.h take: a descriptor of POSIX, a HANDLE of Windows.
    std::intptr_t handle() const noexcept { return handle_; }

private:
    static constexpr std::intptr_t none = -1;
    std::intptr_t handle_ = none;
};

/// Of the file that has this name now; 0 where there is none.
std::uint64_t node_of(const std::filesystem::path& path) noexcept;

/// Gives `from` the name `to`, whatever file has it, at once: others see the one or the other.
void replace(const std::filesystem::path& from, const std::filesystem::path& to,
             std::error_code& error);
/// Two names change places at once; not_supported where the file system cannot (NFS; Windows).
void exchange(const std::filesystem::path& a, const std::filesystem::path& b,
              std::error_code& error);

/// Waits until the names in a folder are on the disk. No error where the system has no such thing.
void sync_names(const std::filesystem::path& folder) noexcept;
/// Waits until all that was written in a folder is on the disk, or on the folder's disk.
void sync_content(const std::filesystem::path& folder, std::error_code& error);
/// Asks the system to begin bringing a file to disk, without waiting; a hint.
void start_writing_back(const std::filesystem::path& path) noexcept;

}  // namespace unet::system
