#include "unet/core/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "unet/core/error.h"

namespace unet {
namespace {

std::string reason(int error) { return std::error_code(error, std::generic_category()).message(); }

/// For file systems without nameless files: a file that loses its name at once.
int made_and_unlinked(const std::filesystem::path& folder) {
    std::string name = (folder / "scratch.XXXXXX").string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) ::unlink(name.c_str());
    return descriptor;
}

}  // namespace

ScratchFile::ScratchFile(std::filesystem::path folder) : folder_(std::move(folder)) {
    descriptor_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor_ < 0) descriptor_ = made_and_unlinked(folder_);
    if (descriptor_ < 0)
        fail(ErrorCode::io, "cannot make a file in '{}': {}", folder_.string(), reason(errno));
}

ScratchFile::~ScratchFile() { ::close(descriptor_); }

void ScratchFile::reserve(std::int64_t bytes) {
    const int error = ::posix_fallocate(descriptor_, 0, bytes);
    if (error == 0) return;
    std::error_code none;
    const auto space = std::filesystem::space(folder_, none);
    fail(ErrorCode::io, "'{}': {} MB are needed there for a while, {} MB are free ({})",
         folder_.string(), (bytes + 999'999) / 1'000'000, space.available / 1'000'000,
         reason(error));
}

void ScratchFile::write(std::int64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            fail(ErrorCode::io, "cannot write a file in '{}': {}", folder_.string(), reason(errno));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += count;
    }
}

void ScratchFile::read(std::int64_t offset, std::span<std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t count = ::pread(descriptor_, bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            fail(ErrorCode::io, "cannot read a file in '{}': {}", folder_.string(),
                 count < 0 ? reason(errno) : "it ends early");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += count;
    }
}

}  // namespace unet
