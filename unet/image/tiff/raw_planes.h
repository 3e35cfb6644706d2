#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>

#include "unet/image/tiff/tiff_directory.h"
#include "unet/image/tiff/tiff_handle.h"

namespace unet {

/// Planes that follow the pixels of a TIFF's only directory without directories of their own: how
/// ImageJ writes stacks above 4 GB, whose later offsets would not fit into 32 bits.
class RawPlanes {
public:
    /// Whether the directory's pixels are one uncompressed block, as such files have it.
    static bool possible(const TiffHandle& tiff, const TiffDirectory& page);

    /// Planes of `plane_bytes`, samples of `sample_bytes`, in the byte order of `tiff`.
    RawPlanes(const std::filesystem::path& path, const TiffHandle& tiff, std::int64_t plane_bytes,
              std::int64_t sample_bytes);

    /// One plane in the byte order of the machine. Throws Error(corrupt_file) if the file ends
    /// before.
    void read(std::int64_t plane, std::span<std::byte> pixels);

private:
    std::filesystem::path path_;
    std::ifstream file_;
    std::int64_t begin_, plane_bytes_, sample_bytes_;
    bool swapped_;
};

}  // namespace unet
