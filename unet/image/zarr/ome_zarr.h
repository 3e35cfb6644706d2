#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/image/pixel_size.h"

namespace unet {

/// What an OME-Zarr image says of itself in its .zattrs (ngff.openmicroscopy.org, 0.1 to 0.4) or
/// its zarr.json (0.5).
struct OmeZarr {
    std::filesystem::path array;  ///< the folder of the full resolution
    std::string axes;             ///< a letter for each axis: "TCZYX" or some of them, in order
    StoredSizes sizes;            ///< of a pixel
    std::vector<std::string> channel_names;
};

/// True for a folder that is one OME-Zarr image or array, not a folder of images.
bool is_zarr_folder(const std::filesystem::path& path);

/// An array of version 3 that names its dimensions is an image without pixel size. Throws
/// Error(unsupported) for what is no image (a plate, an array without axes), saying what to name
/// instead; Error(corrupt_file) for damaged metadata.
OmeZarr read_ome_zarr(const std::filesystem::path& folder);

}  // namespace unet
