#include "unet/core/files/scratch_file.h"

#include <system_error>
#include <utility>

#include "unet/core/error.h"

namespace unet {

ScratchFile::ScratchFile(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::error_code error;
    file_ = system::File::nameless(folder_, error);
    if (error)
        fail(ErrorCode::io, "cannot make a file in '{}': {}", folder_.string(), error.message());
}

void ScratchFile::reserve(std::int64_t bytes) {
    std::error_code error, none;
    file_.reserve(bytes, error);
    if (!error) return;
    const auto space = std::filesystem::space(folder_, none);
    fail(ErrorCode::io, "'{}': {} MB are needed there for a while, {} MB are free ({})",
         folder_.string(), (bytes + 999'999) / 1'000'000, space.available / 1'000'000,
         error.message());
}

void ScratchFile::write(std::int64_t offset, std::span<const std::byte> bytes) {
    std::error_code error;
    file_.write_at(offset, bytes, error);
    if (error)
        fail(ErrorCode::io, "cannot write a file in '{}': {}", folder_.string(), error.message());
}

void ScratchFile::read(std::int64_t offset, std::span<std::byte> bytes) const {
    std::error_code error;
    const std::size_t count = file_.read_at(offset, bytes, error);
    if (error || count < bytes.size())
        fail(ErrorCode::io, "cannot read a file in '{}': {}", folder_.string(),
             error ? error.message() : "it ends early");
}

}  // namespace unet
