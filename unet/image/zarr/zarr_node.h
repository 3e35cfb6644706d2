#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace unet {

/// What a group or an array of Zarr says of itself.
struct ZarrNode {
    bool is_array = false;
    bool is_version_3 = false;
    nlohmann::json attributes;       ///< OME's
    nlohmann::json dimension_names;  ///< of an array of version 3
};

/// A folder of Zarr, of whatever kind.
bool is_zarr_folder(const std::filesystem::path& path);

/// Throws as read_zarr_json.
ZarrNode zarr_node(const std::filesystem::path& folder);

/// The elements of an array that are objects; none where there is no such array.
std::vector<nlohmann::json> objects_at(const nlohmann::json& object, const char* key);

/// The folders of images below one that is none itself, as it lists them: those of a plate, a well,
/// a series of bioformats2raw, label images; else those that are there. A path is from `folder` on;
/// that of an image itself is empty.
std::vector<std::string> zarr_images_below(const std::filesystem::path& folder, int depth = 0);

/// Throws Error(corrupt_file) for a path that leads out of the folder: it is no part of it.
void check_in_zarr(const std::filesystem::path& folder, const std::string& path);

}  // namespace unet
