#include "unet/image/tiff/tiff_handle.h"

#include <cstdarg>
#include <cstdio>

namespace unet {
namespace {

/// Keeps the first error; later ones follow from it. Returning 1 keeps libtiff from calling the
/// process-wide handler, which prints.
int keep_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    auto& message = *static_cast<std::string*>(user);
    if (message.empty()) {
        char text[256];
        std::vsnprintf(text, sizeof text, format, arguments);
        message = text;
    }
    return 1;
}

/// Warnings are about tags that libtiff does not know or mends by itself.
int drop_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

TIFF* open_tiff_handle(const std::filesystem::path& path, std::int64_t largest_allocation,
                       std::string& message) {
    const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(
        TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    if (options == nullptr) return nullptr;
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, &message);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_warning, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), largest_allocation);
    // m: no memory map, since a file that shrinks while it is mapped ends the process.
    return TIFFOpenExt(path.c_str(), "rm", options.get());
}

}  // namespace

TiffHandle::TiffHandle(const std::filesystem::path& path, std::int64_t largest_allocation)
    : path_(path),
      message_(std::make_unique<std::string>()),
      tiff_(open_tiff_handle(path, largest_allocation, *message_),
            [](TIFF* tiff) { TIFFClose(tiff); }) {
    if (tiff_ == nullptr) refuse("its first directory cannot be read");
}

void TiffHandle::refuse(const std::string& what) const {
    fail(ErrorCode::corrupt_file, "'{}' is not a readable TIFF: {}{}; save it again",
         path_.string(), what, message_->empty() ? "" : " (" + *message_ + ")");
}

}  // namespace unet
