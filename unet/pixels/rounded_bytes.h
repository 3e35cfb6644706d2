#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace unet {

/// Stores floor(value * factor + 0.5) of every value in one byte each, computed in double: a vector
/// of values at a time, the same bytes on every machine. Throws Error(invalid_argument) naming
/// `path` for a value that is no number from 0 to 255 then.
void store_rounded(std::span<const float> values, double factor, const std::filesystem::path& path,
                   std::span<std::byte> bytes);

}  // namespace unet
