#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "unet/nn/parameters.h"

namespace unet {

/// A safetensors file: float32 tensors and string metadata. Other float types are converted on
/// reading; anything else is an error that names the tensor.
struct Safetensors {
    std::vector<NamedTensor> tensors;              ///< in file order
    std::map<std::string, std::string> metadata;
};

/// Throws Error(io) or Error(corrupt_file): header length, JSON, offsets and shapes are all checked
/// before anything is allocated.
Safetensors read_safetensors(const std::filesystem::path& path);

void write_safetensors(const std::filesystem::path& path, const Safetensors& file);

}  // namespace unet
