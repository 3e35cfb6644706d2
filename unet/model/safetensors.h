#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "unet/nn/parameters.h"

namespace unet {

/// A safetensors file (https://github.com/huggingface/safetensors): eight bytes of header length, a
/// JSON header, then the values of every tensor without gaps. Here: float32 tensors and string
/// metadata. float16, bfloat16 and float64 are converted on reading; any other type is an error
/// that names the tensor.
struct Safetensors {
    std::vector<NamedTensor> tensors;  ///< in the order of their values in the file
    std::map<std::string, std::string> metadata;
};

/// Whether a file is one by its name, or by the header that follows the first eight bytes.
bool is_safetensors_file(const std::filesystem::path& path);

/// Says by its name whether a tensor is to be read.
using TensorFilter = std::function<bool(const std::string& name)>;

/// Reads the tensors that `wanted` accepts (all where it is empty); others may have any type.
///
/// Throws Error(io), or Error(corrupt_file) saying what was found. Header length, JSON, duplicate
/// names, shapes and offsets are checked before anything is allocated for them: no tensor may lie
/// outside the file, overlap another or leave a gap.
Safetensors read_safetensors(const std::filesystem::path& path, const TensorFilter& wanted = {});

/// Writes atomically. Equal content gives equal bytes: tensors in the given order, metadata by key,
/// the header padded with spaces so that values start at a multiple of 8.
/// Throws Error(invalid_argument) for a name used twice or values that do not fill their shape, and
/// Error(io).
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata);
void write_safetensors(const std::filesystem::path& path, const Safetensors& file);

}  // namespace unet
