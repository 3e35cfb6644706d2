#include "unet/core/new_folder.h"

#include <system_error>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/file.h"

namespace unet {

namespace fs = std::filesystem;

NewFolder::NewFolder(fs::path target, std::string_view flag) : target_(std::move(target)) {
    std::error_code error;
    if (fs::exists(target_, error) &&
        !(fs::is_directory(target_, error) && fs::is_empty(target_, error)))
        fail(ErrorCode::invalid_argument, "{} {}: is there already, expected a new folder", flag,
             target_.string());
    if (!target_.has_filename()) target_ = target_.parent_path();  // DIR/
    temporary_ = target_;
    temporary_ += ".unfinished";
    if (fs::exists(temporary_, error))
        fail(ErrorCode::invalid_argument, "{}: is in the way; move it away", temporary_.string());
    create_folder(temporary_);
}

NewFolder::~NewFolder() {
    std::error_code ignored;
    if (!done_) fs::remove_all(temporary_, ignored);
}

void NewFolder::commit() {
    std::error_code error;
    fs::remove(target_, error);  // an empty one
    fs::rename(temporary_, target_, error);
    if (error) fail(ErrorCode::io, "{}: {}", target_.string(), error.message());
    done_ = true;
}

}  // namespace unet
