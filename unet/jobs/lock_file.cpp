#include "unet/jobs/lock_file.h"

#include <sstream>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/files/temporary_name.h"
#include "unet/core/system/process.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// Bytes of the file, each locked on its own.
enum Purpose : std::int64_t { at_work, writing, turn };

}  // namespace

LockFile::LockFile(fs::path folder) : folder_(std::move(folder)) {
    for (;;) {
        open();
        locks_ = lock(at_work, system::Lock::shared, true);
        // Who was the last before may have removed it meanwhile.
        if (!locks_ || is_there()) return;
    }
}

LockFile::~LockFile() {
    std::error_code error;
    if (told_) fs::remove(folder_ / "writer", error);
}

void LockFile::open() {
    constexpr int tries = 100;  // others may be removing the folder
    std::error_code error;
    for (int i = 0; i < tries; ++i) {
        fs::create_directories(folder_, error);
        file_ = system::File(folder_ / "lock", system::Opening::update, error);
        if (!error) return;
        if (error != std::errc::no_such_file_or_directory) break;
    }
    create_folder(folder_);  // says what is in the way
    fail(ErrorCode::io, "cannot write '{}': {}", (folder_ / "lock").string(), error.message());
}

bool LockFile::is_there() const {
    std::error_code error;
    return file_.status(error).node == system::node_of(folder_ / "lock") && !error;
}

bool LockFile::lock(std::int64_t purpose, system::Lock kind, bool wait) const {
    std::error_code error;
    return system::lock(file_, purpose, kind, wait, error);
}

void LockFile::in_turn(const std::function<void()>& work) const {
    lock(turn, system::Lock::exclusive, true);
    try {
        work();
    } catch (...) {
        system::unlock(file_, turn);
        throw;
    }
    system::unlock(file_, turn);
}

std::string LockFile::write() {
    if (!locks_) return write_by_file();
    return lock(writing, system::Lock::exclusive, false) ? "" : "another share";
}

std::string LockFile::write_by_file() {
    const fs::path path = folder_ / "writer";
    for (;;) {
        std::error_code error;
        system::File(path, system::Opening::create, error);
        if (!error) {
            told_ = true;
            write_file_atomically(
                path, fmt::format("{} {}\n", system::process_id(), system::machine_name()));
            return "";
        }
        if (error != std::errc::file_exists)
            fail(ErrorCode::io, "cannot write '{}': {}", path.string(), error.message());
        std::istringstream text(read_text_file(path));
        int process = 0;
        std::string machine = "unknown";
        text >> process >> machine;
        if (machine != system::machine_name() || process <= 0 || !system::has_ended(process))
            return fmt::format(
                "process {} of machine {} (if it has ended, remove {} and run this "
                "share again)",
                process, machine, path.string());
        if (!fs::remove(path, error) && error)
            fail(ErrorCode::io, "cannot remove '{}': {}", path.string(), error.message());
    }
}

bool LockFile::leave() const {
    if (!file_.is_open()) return false;
    if (!locks_) return true;
    // In this order: of several that leave at once none takes the others for being at work.
    system::unlock(file_, at_work);
    return lock(at_work, system::Lock::exclusive, false);
}

void LockFile::remove() {
    std::error_code error;
    // NFS keeps a file that is open under another name: the folder is empty when it is closed.
    for (const auto& entry : fs::directory_iterator(folder_, error))
        if (entry.path().filename() != "lock") fs::remove_all(entry.path(), error);
    fs::remove(folder_ / "lock", error);
    file_.close();
    fs::remove(folder_, error);
    told_ = false;
}

}  // namespace unet
