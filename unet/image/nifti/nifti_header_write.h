#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "unet/image/file_sink.h"

namespace unet {

/// The first bytes of a NIfTI file, up to its pixels.
struct NiftiStart {
    std::vector<std::byte> bytes;
    bool swapped = false;  ///< pixels are in the other byte order than this machine's
};

/// For an image of `shape`. Where `shape.geometry_of` names a NIfTI file, its header as it is
/// (place and direction in space, pixel size, units, byte order) but for what says how pixels are
/// stored; else a new one with the pixel size. Version 2 where a length is above 32767. Throws
/// Error(unsupported) if the file is no NIfTI, Error(shape_mismatch) unless the shape has all
/// slices of all of its times, or those of one.
NiftiStart nifti_start(const std::filesystem::path& path, const FileShape& shape);

/// True for a NIfTI file whose header nifti_start made and no other program has saved since.
bool is_nifti_of_unet(const std::filesystem::path& path);

}  // namespace unet
