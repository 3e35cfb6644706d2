#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "unet/image/stored.h"

// From a decoded page to numbers (behind read_image and read_labels).

namespace unet {

/// IEEE 754 binary16 to float.
float half_to_float(std::uint16_t half);

/// Value number `channel` of every pixel of `page` (or of any part of one), as the file wants it
/// seen: colour tables expanded (channel 0, 1, 2 = red, green, blue), white-is-zero turned over.
/// `target` has one float per pixel.
void convert_to_float(const StoredFile& file, std::span<const std::byte> page, std::int64_t channel,
                      float* target);

/// The stored first value of every pixel. Throws Error(unsupported), naming `where`, `slice` and
/// the pixel, for values that are no labels.
void convert_to_labels(const StoredFile& file, std::span<const std::byte> page, std::int64_t slice,
                       const std::string& where, std::uint32_t* target);

/// How a file that is described so holds label values.
LabelStorage storage_of(const ImageInfo& info);

/// Throws Error(unsupported) for files packed as JPEG, which changes labels along every edge.
void check_lossless(const StoredFile& file, const std::string& where);

/// Throws Error(unsupported) that lists the most frequent colours with their pixels, unless red =
/// green = blue everywhere.
void check_colours_are_grey(const StoredFile& file, std::span<const std::byte> page,
                            const std::string& where);

}  // namespace unet
