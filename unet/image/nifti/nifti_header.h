#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/image/contents/place.h"

namespace unet {

class GzipStream;

/// What reading needs of the header of a NIfTI-1 or NIfTI-2 file (nifti.nimh.nih.gov: nifti1.h,
/// nifti2.h).
struct NiftiHeader {
    int version = 1;
    bool swapped = false;               ///< in the other byte order than this machine's
    bool single = true;                 ///< pixels in the same file (magic n+1, not ni1)
    std::array<std::int64_t, 8> dim{};  ///< [0]: how many; x, y, z, t, channel, ...
    int data_type = 0, bits = 0;
    std::int64_t data_offset = 0;
    double slope = 0.0, intercept = 0.0;
    Spacing
        spacing{};  ///< in "mm" or "um"; of a file without units in mm, unless it is 1 everywhere
    std::optional<Place> place{};  ///< as place_of()
};

/// The first bytes of a file, as many as a header of either version has; none of a shorter file.
std::vector<std::byte> read_nifti_header(GzipStream& stream);

/// Nothing where the bytes do not begin as one of the two does.
std::optional<NiftiHeader> parse_nifti_header(std::span<const std::byte> bytes);

/// True for a file that begins as NIfTI does, packed by gzip or not. Throws nothing.
bool is_nifti(const std::filesystem::path& path);

}  // namespace unet
