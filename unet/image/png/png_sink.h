#pragma once

#include <vector>

#include "unet/image/file_sink.h"

namespace unet {

/// A PNG of 8 or 16 bits: one slice, one channel. The whole plane is kept until finish(), since PNG
/// is packed as one stream from the top.
class PngSink final : public FileSink {
public:
    /// Throws Error(unsupported) for another shape.
    static void check(const std::filesystem::path& path, const FileShape& shape);
    /// Throws as check().
    PngSink(const std::filesystem::path& path, const FileShape& shape);

    void finish() override;

private:
    void put(const Region& region, std::int64_t channel,
             std::span<const std::byte> samples) override;

    std::vector<std::byte> plane_;  ///< big-endian
};

}  // namespace unet
