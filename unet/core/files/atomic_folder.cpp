#include "unet/core/files/atomic_folder.h"

#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/files/file_name.h"
#include "unet/core/files/temporary_name.h"
#include "unet/core/system/files.h"

namespace unet {

namespace fs = std::filesystem;

AtomicFolder::AtomicFolder(fs::path target)
    : target_(target.has_filename() ? std::move(target) : target.parent_path()),  // DIR/
      temporary_(temporary_name(target_)) {
    check_name_fits(target_);
    create_folder(temporary_);
}

AtomicFolder::~AtomicFolder() {
    std::error_code error;
    fs::remove_all(temporary_, error);
}

void AtomicFolder::commit() {
    std::error_code error;
    const auto check = [&] {
        if (error) fail(ErrorCode::io, "cannot write '{}': {}", target_.string(), error.message());
    };
    if (fs::exists(target_) && !fs::is_directory(target_))
        fail(ErrorCode::io, "cannot write '{}': a file of that name is in the way",
             target_.string());
    system::sync_content(temporary_, error);
    check();
    if (!fs::exists(target_)) {
        system::replace(temporary_, target_, error);
        return check();
    }
    // A folder that is not empty cannot be renamed over: both names change places at once, and the
    // old content goes with the temporary name.
    system::exchange(temporary_, target_, error);
    if (error != std::errc::not_supported) return check();
    // The old one steps aside and is there until the new one is.
    auto old = temporary_;
    old += ".old";
    system::replace(target_, old, error);
    check();
    system::replace(temporary_, target_, error);
    if (error) {
        std::error_code ignored;
        system::replace(old, target_, ignored);
    }
    check();
    temporary_ = old;
}

AtomicFolder new_folder(const fs::path& target, const std::string& setting) {
    std::error_code error;
    if (fs::exists(target, error) &&
        !(fs::is_directory(target, error) && fs::is_empty(target, error)))
        fail_setting(setting, ErrorCode::invalid_argument,
                     "`{}` {}: is there already, expected a new folder", setting, target.string());
    return AtomicFolder(target);
}

}  // namespace unet
