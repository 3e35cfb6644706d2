#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

struct gzFile_s;

namespace unet {

/// The bytes of a file, unpacked where it is gzip. Going back in a packed file starts anew from its
/// beginning; going forward reads what stands between.
class GzipStream {
public:
    /// Throws Error(io) if the file cannot be opened.
    explicit GzipStream(const std::filesystem::path& path);

    /// False for a plain file.
    bool packed() const;
    /// Reads from `offset` on until `bytes` are full. False where the file ends before or is
    /// damaged.
    bool read(std::int64_t offset, std::span<std::byte> bytes);

private:
    std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> file_;
};

}  // namespace unet
