#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "unet/image/file_sink.h"
#include "unet/image/pyramid.h"

namespace unet {

/// A file with smaller copies of its image, stored in squares of `shape.chunk` pixels.
class PyramidSink : public FileSink {
public:
    /// As Format::footprint.
    static std::int64_t bytes(const FileShape& shape, int threads, const Size3& core);

protected:
    PyramidSink(const Format& format, const std::filesystem::path& path, const FileShape& shape,
                int threads);

    virtual void store(const Chunk& chunk) = 0;  ///< several at a time
    const std::vector<Size3>& levels() const noexcept { return levels_; }

private:
    void put(const Region& region, std::int64_t channel,
             std::span<const std::byte> samples) override;
    void store_complete() override { pyramid_.store_complete(); }

    std::vector<Size3> levels_;
    Pyramid pyramid_;
};

}  // namespace unet
