#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Pixels for a PNG: rows of interleaved samples of 8 or 16 bits, these in big-endian order.
struct PngPixels {
    std::int64_t width = 0, height = 0;
    int samples = 1;  ///< 1 grey; 3 red, green, blue; 4 these and opacity
    int bits = 8;
    std::span<const std::byte> bytes;
    Spacing spacing;  ///< written as pixels per metre where its unit is a length
};

/// The content of a PNG file; `where` names it in errors. Throws Error(unsupported) for a size that
/// PNG cannot hold.
std::vector<std::byte> encode_png(const PngPixels& pixels, const std::string& where);

/// Writes that to a file. Throws as encode_png, and Error(io).
void write_png(const std::filesystem::path& path, const PngPixels& pixels);

/// True for a PNG that write_png wrote and no other program has saved since.
bool is_png_of_unet(const std::filesystem::path& path);

}  // namespace unet
