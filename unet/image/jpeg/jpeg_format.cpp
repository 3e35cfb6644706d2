#include "unet/image/jpeg/jpeg_format.h"

#include "unet/image/stored.h"

namespace unet {
namespace {

constexpr std::string_view endings[] = {".jpg", ".jpeg"};

}  // namespace

const Format jpeg_format{
    .name = "jpeg",
    .title = "JPEG",
    .endings = endings,
    .recognises = [](const Format::Path&,
                     std::string_view begin) { return begin.starts_with("\xff\xd8\xff"); },
    .open = [](const Format::Path& path, bool) { return open_jpeg(path); }};

}  // namespace unet
