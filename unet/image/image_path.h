#pragma once

#include <filesystem>
#include <string>

namespace unet {

/// The path of an image, or of a folder of images, as people type it: without slashes at its end
/// (as the Tab key leaves them), and without the name of the metadata in an OME-Zarr.
std::filesystem::path image_path(const std::filesystem::path& typed);

/// A folder that is one image: an OME-Zarr, or what is in one: an image of a series, a well or its
/// field, a label image, a level of a pyramid.
bool is_image_folder(const std::filesystem::path& path);

/// A folder that is no image itself.
bool is_folder_of_images(const std::filesystem::path& path);

/// The part of the path from the OME-Zarr on that an image lies in: "plate.zarr/A/1/0"; else the
/// file's name.
std::filesystem::path name_of_image(const std::filesystem::path& path);

/// What a copy of an image is called: as its file, and "plate_A_1_0.zarr" for what lies in an
/// OME-Zarr.
std::filesystem::path name_of_copy(const std::filesystem::path& path);

}  // namespace unet
