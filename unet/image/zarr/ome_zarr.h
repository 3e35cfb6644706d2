#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/image/contents/contents.h"
#include "unet/image/contents/pixel_size.h"

namespace unet {

/// What an OME-Zarr image says of itself in its .zattrs (ngff.openmicroscopy.org, 0.1 to 0.4) or
/// its zarr.json (0.5).
struct OmeZarr {
    std::filesystem::path array;  ///< the folder of the full resolution
    std::string axes;             ///< a letter for each axis: "TCZYX" or some of them, in order
    StoredSizes sizes;            ///< of a pixel
    std::vector<std::string> channel_names;
    std::vector<ImageInFile> images{};  ///< of a folder that holds several
    std::size_t image = 0;              ///< the one of them that this is
    std::vector<std::string> labels{};  ///< folders of label images in the folder labels/ in it
};

/// True for a folder of Zarr that is one OME-Zarr image, or holds them, by its name, by the folder
/// named .zarr that it lies in, or by what it says of itself.
bool is_ome_zarr(const std::filesystem::path& path);

/// The image of a folder; of one that holds several (a series, a plate, a well, label images, more
/// than one pyramid) the one that `series` picks (ReadOptions::series), else the first. A level of
/// a pyramid has its axes from the image that it belongs to. An array of version 3 that names its
/// dimensions is an image without pixel size. Throws Error(unsupported) for what is no image (an
/// array without axes), saying what to name instead; Error(corrupt_file) for damaged metadata.
OmeZarr read_ome_zarr(const std::filesystem::path& folder, const std::string& series = {});

}  // namespace unet
