#include "unet/image/nifti/gzip_stream.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "unet/core/error.h"

namespace unet {

GzipStream::GzipStream(const std::filesystem::path& path)
    : file_(gzopen64(path.c_str(), "rb"), gzclose) {
    if (file_ == nullptr)
        fail(ErrorCode::io, "cannot read '{}': {}", path.string(), std::strerror(errno));
    constexpr unsigned buffer_bytes = 1 << 17;
    gzbuffer(file_.get(), buffer_bytes);
}

bool GzipStream::packed() const { return gzdirect(file_.get()) == 0; }

bool GzipStream::read(std::int64_t offset, std::span<std::byte> bytes) {
    if (gztell64(file_.get()) != offset && gzseek64(file_.get(), offset, SEEK_SET) != offset)
        return false;
    constexpr std::size_t most_at_once = std::size_t{1} << 30;  // zlib counts in int
    while (!bytes.empty()) {
        const auto wanted = static_cast<unsigned>(std::min(bytes.size(), most_at_once));
        const int got = gzread(file_.get(), bytes.data(), wanted);
        if (got <= 0) return false;
        bytes = bytes.subspan(got);
    }
    return true;
}

}  // namespace unet
