#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "unet/core/image.h"
#include "unet/pixels/draw.h"
#include "unet/pixels/palette.h"

namespace unet {

// All files are written under a temporary name and renamed when complete (core/file.h), hold no
// date, and equal pixels give equal bytes. All functions throw Error(io) if the system refuses,
// Error(invalid_argument) for a name that ends in neither .png, .tif nor .tiff.

/// Writes an image in its type: PNG (u8, u16; one slice; grey or RGB) or uncompressed TIFF (any
/// type), one page per slice and channel, RGB interleaved. TIFF has ImageJ's description: channels,
/// slices, spacing and unit, displayed range (the values' range, 0 to 255 for u8). Above 4 GB it is
/// a BigTIFF.
/// Throws Error(unsupported) for what PNG cannot hold and Error(invalid_argument) for a value that
/// the type cannot hold, or is not whole in an integer type.
void write_image(const std::filesystem::path& path, const Image& image);

/// Writes labels: TIFF with 16 bits, 32 if a label is above 65535; PNG with 8 or 16 bits of grey,
/// whichever suffices (Error(unsupported) beyond, and for several slices). The TIFF carries a
/// colour table and a displayed range for ImageJ, in which neighbouring numbers look different and
/// 0 is black; `colours`, where given, are those of labels 0, 1, ...
void write_labels(const std::filesystem::path& path, const LabelMap& labels,
                  std::span<const Colour> colours = {});

/// True for a TIFF, NIfTI or PNG file that this library wrote and no other program has saved since,
/// and for an OME-Zarr that it wrote.
bool is_written_by_unet(const std::filesystem::path& path);

/// Writes it as PNG, 8 bits a colour.
void write_rgb_image(const std::filesystem::path& path, const RgbImage& drawn);

}  // namespace unet
