#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace unet {

/// How many images a JPEG file holds one after the other (MPO, CIPA DC-007: stereo pairs, gain
/// maps), of which readers show the first; 1 where it says nothing of it.
std::int64_t images_in_jpeg(std::span<const std::byte> bytes);

}  // namespace unet
