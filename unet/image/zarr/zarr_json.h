#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace unet {

/// The metadata `name` (".zarray", ".zattrs", "zarr.json") of a Zarr folder: an object. Throws
/// Error(io), Error(corrupt_file) for what is no JSON or is nested without end.
nlohmann::json read_zarr_json(const std::filesystem::path& folder, const std::string& name);

/// The value of a key where it is text; else empty.
std::string text_at(const nlohmann::json& object, const char* key);
/// The value of a key where it is an object; else an empty one.
nlohmann::json object_at(const nlohmann::json& object, const char* key);

/// Throws Error(corrupt_file): the folder is not readable because of `what`.
[[noreturn]] void refuse_zarr(const std::filesystem::path& folder, const std::string& what);
/// Throws Error(unsupported): `what` of the folder is not read.
[[noreturn]] void refuse_zarr_kind(const std::filesystem::path& folder, const std::string& what);

}  // namespace unet
