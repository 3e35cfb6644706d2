#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "unet/core/system/files.h"
#include "unet/core/system/locks.h"

namespace unet {

/// `FOLDER/lock`, by which programs on all machines that see a folder know of each other. What one
/// of them holds (system::lock of one byte for each purpose) the system releases when it ends,
/// however it does. Where a file system has no locks, others are not seen; only who writes is told,
/// by a file `FOLDER/writer` that a program that is killed leaves behind.
class LockFile {
public:
    /// Is at work in the folder, which is created, beside others that are. Throws Error(io).
    explicit LockFile(std::filesystem::path folder);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

    /// Does something that no two programs may do at once.
    void in_turn(const std::function<void()>& work) const;
    /// Becomes the one that writes. Empty, or who does, in words.
    std::string write();
    /// Ends the work of this program: true if it was the last. Others wait until this object goes.
    bool leave() const;
    /// Removes all that is in the folder, after leave() was true; the folder where it is then
    /// empty.
    void remove();

private:
    void open();
    bool is_there() const;
    bool lock(std::int64_t purpose, system::Lock kind, bool wait) const;
    std::string write_by_file();

    std::filesystem::path folder_;
    system::File file_;
    bool locks_ = true;  ///< whether the file system has locks
    bool told_ = false;  ///< by the file `writer`
};

}  // namespace unet
