#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "unet/pixels/draw.h"

namespace unet {

/// An image as the address of an <img>: a PNG in a data URI, grey where the image is. One whose
/// PNG has more than `most_bytes` is halved until it fits.
std::string data_uri(RgbImage drawn, std::size_t most_bytes);

/// An image that covers where `mask` is 1 with `colour` and lets everything else through.
std::string mask_uri(std::span<const std::uint8_t> mask, std::int64_t height, std::int64_t width,
                     Colour colour);

}  // namespace unet
