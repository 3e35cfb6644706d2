#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace unet {

/// How the block of EXIF in a JPEG or PNG says that the pixels lie: 1 (upright as stored) to 8, as
/// tag 274 of TIFF numbers it. 1 where it does not say, or is damaged. With or without the "Exif"
/// that JPEG puts before it.
int exif_orientation(std::span<const std::byte> exif);

/// `value` where it is one of the eight, else 1.
constexpr int known_orientation(std::int64_t value) noexcept {
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace unet
