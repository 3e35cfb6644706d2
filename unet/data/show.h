#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "unet/data/batches.h"
#include "unet/pixels/draw.h"

namespace unet {

/// One patch of a batch as training sees it, from left to right: image (0 black, 1 white, a frame
/// around what the network's output covers), targets in the colours of label_colour (ignored pixels
/// grey), weights from 0 (black) to `most_weight` (white). `rgb`: the first three channels are red,
/// green, blue; otherwise the first channel is shown.
RgbImage rgb_image_of(const Batch& batch, std::int64_t index, bool rgb, float most_weight);

/// Draws `count` patches of a training with these options as PNG files SLICE-NAME_NUMBER.png in
/// `folder`, which is created; returns the files. Throws Error(io).
std::vector<std::filesystem::path> show_patches(const TrainingSet& set, const BatchOptions& options,
                                                bool rgb, std::int64_t count,
                                                const std::filesystem::path& folder);

}  // namespace unet
