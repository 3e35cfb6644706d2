#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "unet/core/files/file.h"
#include "unet/image/pyramid_sink.h"

namespace unet {

/// A tiled OME-TIFF: squares of `shape.chunk` pixels, deflated; smaller copies in SubIFDs until one
/// tile holds all; BigTIFF where 32-bit offsets are too few. Tiles go into a file beside it as they
/// become complete, and finish() puts them in order, so that the bytes do not depend on how the
/// image was cut.
class OmeTiffSink final : public PyramidSink {
public:
    /// Throws Error(unsupported) for sizes that TIFF cannot hold, and Error(io).
    OmeTiffSink(const std::filesystem::path& path, const FileShape& shape, int threads);

    void finish() override;

private:
    struct Place {
        std::int64_t offset = 0, bytes = 0;
    };

    void store(const Chunk& chunk) override;
    std::size_t index_of(std::int64_t level, std::int64_t plane) const;
    std::int64_t copy_tiles(AtomicFile& file, std::int64_t position);
    std::vector<std::byte> directory(std::int64_t level, std::int64_t plane, bool big,
                                     const std::vector<std::uint64_t>& sub_directories,
                                     const std::string& description, std::int64_t position,
                                     bool last) const;

    std::int64_t planes_;
    AtomicFile tiles_;                        ///< never gets its name
    std::int64_t tiles_end_ = 0;              ///< bytes in it
    std::mutex end_of_tiles_;                 ///< of both
    std::vector<std::vector<Place>> places_;  ///< of all tiles of a level of a plane
};

}  // namespace unet
