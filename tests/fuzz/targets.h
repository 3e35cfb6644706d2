#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace unet::fuzz {

/// Reads bytes as a file of one family of formats, by the functions that the program reads with.
/// Returns whatever comes out, a result or an Error; ends the process where a part of an image
/// differs from the same part of the whole. Anything else that happens (a crash, another exception,
/// seconds, memory) is a fault of the library.
struct Target {
    std::string_view name;  ///< of its folders of inputs
    void (*read)(std::span<const std::byte>);
};

/// PNG, JPEG, TIFF, NIfTI: the content decides.
void read_picture(std::span<const std::byte> bytes);
/// A folder in one piece: "\n#FILE NAME\n" begins each of its files.
void read_zarr(std::span<const std::byte> bytes);
/// ImageJ's .roi and .zip, GeoJSON, LabelMe, COCO: the content decides. What was read is drawn.
void read_annotation(std::span<const std::byte> bytes);
void read_model_file(std::span<const std::byte> bytes);

inline constexpr Target targets[] = {
    {"tiff", read_picture},     {"png", read_picture}, {"jpeg", read_picture},
    {"nifti", read_picture},    {"zarr", read_zarr},   {"annotation", read_annotation},
    {"model", read_model_file},
};

}  // namespace unet::fuzz
